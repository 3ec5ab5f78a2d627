package dev.counterstep.inventory;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.stereotype.Component;

/**
 * Makes the ids of reservations: UUIDs of version 7 (RFC 9562), so that the newest has the highest. Those that one instance
 * makes ascend, even within a millisecond, of which the twelve bits after the version tell the fraction (section 6.2, method 3).
 */
@Component
class ReservationIds {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FRACTION_BITS = 12;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Clock clock;
    private final AtomicLong newest = new AtomicLong();

    /** @param clock for the time at the head of each id; its being wrong does no harm */
    ReservationIds(Clock clock) {
        this.clock = clock;
    }

    /** A new id. Thread-safe. */
    UUID next() {
        long now = ticks(clock.instant());
        long own = newest.updateAndGet(last -> Math.max(last + 1, now));
        long head = (own >>> FRACTION_BITS << 16) | 0x7000 | (own & 0x0fff);
        long tail = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(head, tail);
    }

    /** Time in 4096ths of a millisecond. */
    private static long ticks(Instant now) {
        long nanos = ChronoUnit.NANOS.between(now.truncatedTo(ChronoUnit.MILLIS), now);
        long fraction = (nanos << FRACTION_BITS) / NANOS_PER_MILLI;
        return (now.toEpochMilli() << FRACTION_BITS) | fraction;
    }
}
