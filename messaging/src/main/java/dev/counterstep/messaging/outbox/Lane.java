package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** One topic, as the relay sees it. Part of the relay's state. */
final class Lane {

    enum State {
        /** Its metadata has been asked for; {@code send} could block. */
        ASKING,
        /** Takes rows. */
        READY,
        /** Has rows that are not acknowledged yet; takes more only within the same batch. */
        SENDING,
        /** Failed; takes nothing until the backoff is over. */
        RESTING
    }

    /** A row that was given to the producer, and what came of it. */
    static final class Sent {

        final OutboxRow row;

        // Written by the producer's callback before it posts to the mailbox, read after.
        volatile @Nullable Exception failure;

        Sent(OutboxRow row) {
            this.row = row;
        }
    }

    final String topic;
    State state = State.ASKING;

    /** Failed, and nothing has succeeded since. */
    boolean broken;

    /** Refused a row because it could not reach the topic: the rest of the batch is spared the same wait. */
    boolean refusing;

    /** What it has sent was not acknowledged in time: nobody waits for it, and it takes nothing until it is. */
    boolean late;

    long restUntil;

    private final List<Sent> sent = new ArrayList<>();
    private int outstanding;

    Lane(String topic) {
        this.topic = topic;
    }

    Sent add(OutboxRow row) {
        Sent added = new Sent(row);
        sent.add(added);
        outstanding++;
        state = State.SENDING;
        return added;
    }

    /** One row more is acknowledged or failed. True when it was the last. */
    boolean settledLast() {
        outstanding--;
        return outstanding == 0;
    }

    /**
     * What may be removed: acknowledged rows, except those behind a failed row of the same key, which are sent once more after
     * it, so that the newest message of each key is the last one in the topic.
     */
    List<Long> removable() {
        Set<String> failedKeys = new HashSet<>();
        List<Long> ids = new ArrayList<>();
        for (Sent each : sent) {
            String key = each.row.message().key();
            if (each.failure != null) {
                failedKeys.add(key);
            } else if (!failedKeys.contains(key)) {
                ids.add(each.row.id());
            }
        }
        return ids;
    }

    List<Exception> failures() {
        List<Exception> failures = new ArrayList<>();
        for (Sent each : sent) {
            Exception failure = each.failure;
            if (failure != null) {
                failures.add(failure);
            }
        }
        return failures;
    }

    void clear() {
        sent.clear();
        refusing = false;
    }
}
