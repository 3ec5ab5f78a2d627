package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetryPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void waitsGrowUpToTheirMaximum() {
        RetryPolicy policy = new RetryPolicy(100, SECOND, 2, Duration.ofSeconds(30), 0);
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 7, 100)
                        .mapToObj(attempt -> policy.waitAfter(attempt, SagaScenario.SAGA, "pay")
                                .toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void jitterSpreadsSagasThatFailedTogetherWithinItsShare() {
        RetryPolicy policy = new RetryPolicy(5, Duration.ofSeconds(10), 1, Duration.ofSeconds(10), 0.2);
        List<Duration> waits = IntStream.range(0, 1_000)
                .mapToObj(saga -> policy.waitAfter(1, new UUID(0x7000, saga), "pay"))
                .toList();
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12)));
        assertThat(waits).anyMatch(wait -> wait.toMillis() < 8_500).anyMatch(wait -> wait.toMillis() > 11_500);
        assertThat(waits.stream().distinct().count()).isGreaterThan(500);
    }

    @Test
    void jitterIsTheSameForTheSameHistory() {
        RetryPolicy policy = RetryPolicy.DEFAULT;
        assertThat(policy.waitAfter(3, SagaScenario.SAGA, "pay"))
                .isEqualTo(policy.waitAfter(3, SagaScenario.SAGA, "pay"))
                .isNotEqualTo(policy.waitAfter(3, SagaScenario.SAGA, "reserve"));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, SECOND, 2, SECOND, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(101, SECOND, 2, SECOND, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, SECOND.negated(), 2, SECOND, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, SECOND, 0.9, SECOND, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, SECOND, 2, Duration.ZERO, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, SECOND, 2, SECOND, 1.1));
    }
}
