package dev.counterstep.messaging.canary.purity.orchestrator.saga;

import java.time.Instant;

/** Canary: the core must not read a clock. */
final class ReadsTheClock {

    Instant now() {
        return Instant.now();
    }
}
