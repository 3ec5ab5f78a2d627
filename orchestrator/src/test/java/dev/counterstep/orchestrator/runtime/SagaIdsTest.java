package dev.counterstep.orchestrator.runtime;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SagaIdsTest {

    @Test
    void idsAreVersion7AndGrowWithTime() {
        UUID early = idAt("2026-01-01T00:00:00Z");
        UUID late = idAt("2026-01-01T00:00:00.001Z");
        assertThat(early.version()).isEqualTo(7);
        assertThat(early.variant()).isEqualTo(2);
        assertThat(early.toString()).isLessThan(late.toString());
        assertThat(early).isNotEqualTo(idAt("2026-01-01T00:00:00Z"));
    }

    private static UUID idAt(String time) {
        return new SagaIds(Clock.fixed(Instant.parse(time), ZoneOffset.UTC)).next();
    }
}
