package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Since when participants could get our commands and we their replies, without a break: the time from which a step's silence
 * says something about the step.
 *
 * <p>It learns from observations, and believes that participants can be heard while all of this holds:
 *
 * <ol>
 *   <li>No message waits longer than a patience to leave our outbox.
 *   <li>The broker says how far the replies reach and how far our consumers, on whichever node, have read; and the replies that
 *       were there a patience ago have been read. (Asking for nothing unread at this very moment would never hold under load.)
 *   <li>The last observation is not long ago: a process that stood still has heard nobody.
 * </ol>
 *
 * <p>Knows no clock: times are those of the observations. Safe for use by several threads.
 */
class Answerability {

    private final Duration outboxPatience;
    private final Duration replyPatience;

    private @Nullable Observation last;
    private @Nullable Observation unread;
    private @Nullable Instant readUntil;
    private @Nullable Instant since;

    /**
     * @param outboxPatience how long a message may wait to be sent
     * @param replyPatience how long a reply may wait to be read, and how far two observations may lie apart
     */
    Answerability(Duration outboxPatience, Duration replyPatience) {
        this.outboxPatience = outboxPatience;
        this.replyPatience = replyPatience;
    }

    /**
     * What was seen at one moment.
     *
     * @param at when, database time
     * @param oldestUnsentAt since when the oldest message waits to be sent; null when none does
     * @param ends how far the replies reach, by partition
     * @param read how far they have been read
     */
    record Observation(
            Instant at,
            @Nullable Instant oldestUnsentAt,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> read) {

        boolean hasRead(Observation earlier) {
            return earlier.ends.entrySet().stream()
                    .allMatch(end -> read.getOrDefault(end.getKey(), -1L) >= end.getValue());
        }
    }

    /** Takes an observation in. */
    synchronized void observed(Observation now) {
        if (last != null && Duration.between(last.at(), now.at()).compareTo(replyPatience) > 0) {
            unobservable();
        }
        last = now;
        followReplies(now);
        if (!isSent(now) || !isRead(now)) {
            since = null;
        } else if (since == null) {
            since = now.at();
        }
    }

    /** The database or the broker did not answer. */
    synchronized void unobservable() {
        since = null;
        unread = null;
        readUntil = null;
    }

    /**
     * The time in which participants could be heard.
     *
     * @param since from here on, without a break
     * @param until every reply that was there by then has been read: what was due by then may be called overdue
     */
    record Heard(Instant since, Instant until) {}

    /** Empty while participants cannot be heard: then nobody's silence counts, and no timer should fire. */
    synchronized Optional<Heard> heard() {
        return since == null || readUntil == null ? Optional.empty() : Optional.of(new Heard(since, readUntil));
    }

    private void followReplies(Observation now) {
        if (now.hasRead(now)) {
            readUntil = now.at();
            unread = null;
        } else if (unread == null) {
            unread = now;
        } else if (now.hasRead(unread)) {
            readUntil = unread.at();
            unread = now;
        }
    }

    private boolean isSent(Observation now) {
        return now.oldestUnsentAt() == null
                || Duration.between(now.oldestUnsentAt(), now.at()).compareTo(outboxPatience) <= 0;
    }

    private boolean isRead(Observation now) {
        return readUntil != null && Duration.between(readUntil, now.at()).compareTo(replyPatience) <= 0;
    }
}
