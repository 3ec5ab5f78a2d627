package dev.counterstep.storage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TimeOrderedIdsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");

    private final TimeOrderedIds ids = new TimeOrderedIds(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void idIsAVersion7Uuid() {
        UUID id = ids.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    /** More than one millisecond has room for, and while the clock stands still. */
    @Test
    void eachIdIsHigherThanTheOneBefore() {
        List<String> made =
                Stream.generate(ids::next).limit(10_000).map(UUID::toString).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    /** As the services' clocks do, which are as fine as a timestamp of the database: their millis() divides by zero on JDK 17. */
    @Test
    void clockMayTickInMicroseconds() {
        Clock microseconds = Clock.tick(Clock.fixed(NOW, ZoneOffset.UTC), Duration.ofNanos(1000));

        UUID id = new TimeOrderedIds(microseconds).next();

        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }
}
