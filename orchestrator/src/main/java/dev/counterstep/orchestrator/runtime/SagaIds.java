package dev.counterstep.orchestrator.runtime;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** Makes ids of sagas and dead letters: UUIDs of version 7 (RFC 9562), so that rows made together lie together. */
public final class SagaIds {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;

    /**
     * Makes ids by a clock.
     *
     * @param clock for the time at the head of each id; its being wrong does no harm
     */
    public SagaIds(Clock clock) {
        this.clock = clock;
    }

    /** A new id. Thread-safe. */
    public UUID next() {
        long head = (clock.millis() << 16) | 0x7000 | (RANDOM.nextInt() & 0x0fff);
        long tail = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(head, tail);
    }
}
