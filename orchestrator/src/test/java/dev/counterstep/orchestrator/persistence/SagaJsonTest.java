package dev.counterstep.orchestrator.persistence;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SagaJsonTest {

    @Test
    void canonicalNumbersAreThoseThatJsonbGivesBack() {
        Map<String, Object> canonical = SagaJson.canonical(Map.of(
                "hundred", new BigDecimal("1E+2"),
                "deep", List.of(Map.of("huge", new BigDecimal("1E+30"))),
                "price", new BigDecimal("10.50")));
        assertThat(canonical)
                .containsEntry("hundred", 100)
                .containsEntry("deep", List.of(Map.of("huge", new BigInteger("1000000000000000000000000000000"))))
                .containsEntry("price", new BigDecimal("10.50"));
    }

    @Test
    void sameInputIsTheSameInAnyOrderAndNotation() {
        assertThat(SagaJson.isSame(
                        Map.of("a", 1, "b", List.of(new BigDecimal("2.50"))), Map.of("b", List.of(2.5), "a", 1L)))
                .isTrue();
    }

    @Test
    void otherInputIsNotTheSame() {
        assertThat(SagaJson.isSame(Map.of("a", 1), Map.of("a", 2))).isFalse();
        assertThat(SagaJson.isSame(Map.of("a", 1), Map.of("a", "1"))).isFalse();
        assertThat(SagaJson.isSame(Map.of("a", 1), Map.of("a", 1, "b", 2))).isFalse();
        assertThat(SagaJson.isSame(List.of(1, 2), List.of(2, 1))).isFalse();
    }
}
