package dev.counterstep.storage;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids of rows: UUIDs of version 7 (RFC 9562), each higher than those that this process made before. So the newest row has the
 * highest id, and rows made together lie together in their index. Safe for use by several threads.
 */
public final class TimeOrderedIds {

    /** As many ids are there for each millisecond; whoever needs more runs ahead of the clock. */
    private static final int COUNTER_BITS = 12;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    /**
     * Makes ids by a clock.
     *
     * @param clock for the time at the head of each id; its being wrong does no harm
     */
    public TimeOrderedIds(Clock clock) {
        this.clock = clock;
    }

    /** A new id. */
    public UUID next() {
        long now = clock.instant().toEpochMilli() << COUNTER_BITS;
        long ticks = last.updateAndGet(before -> Math.max(before + 1, now));
        long head = ((ticks >>> COUNTER_BITS) << 16) | 0x7000 | (ticks & 0x0fff);
        long tail = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(head, tail);
    }
}
