package dev.counterstep.inventory;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReservationIdsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.000500Z");

    private final ReservationIds ids = new ReservationIds(Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void idIsOfVersionSevenAndBeginsWithItsTime() {
        var id = ids.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
        assertThat(id.getMostSignificantBits() & 0x0fff)
                .as("half a millisecond")
                .isEqualTo(0x800);
    }

    @Test
    void idsOfOneInstantAscend() {
        var made = Stream.generate(ids::next).limit(10_000).map(UUID::toString).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }
}
