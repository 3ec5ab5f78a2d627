package dev.counterstep.messaging.outbox;

import org.jspecify.annotations.Nullable;

/** How the appends of a process and its relay work together. Called on the threads that append; returns at once. */
interface Relaying {

    /** What the relay would read next: the append is to read it along. Null when the relay reads for itself. */
    default @Nullable ReadRequest request() {
        return null;
    }

    /**
     * A transaction that appended has committed.
     *
     * @param read what its last append read along, null for nothing or nothing that can be relied on
     */
    void appended(@Nullable OutboxRead read);
}
