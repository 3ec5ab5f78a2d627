package dev.counterstep.messaging.outbox;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How the appends of a process and its relay work together. Both are called on the threads that append, and return at once.
 *
 * @param request what the relay would read next, to be read along by an append; null when the relay reads for itself
 * @param appended hears that a transaction that appended has committed, and what its last append read along: null for nothing, or
 *     nothing that can be relied on
 */
record Relaying(Supplier<@Nullable ReadRequest> request, Consumer<@Nullable OutboxRead> appended) {

    /** Without a relay: another process sends. */
    static final Relaying NONE = waking(() -> {});

    /** A relay that reads for itself. */
    static Relaying waking(Runnable wake) {
        return new Relaying(() -> null, read -> wake.run());
    }
}
