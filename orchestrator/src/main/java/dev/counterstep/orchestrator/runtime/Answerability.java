package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Since when each participant could get our commands and we its replies, without a break: the time from which its silence says
 * something about it.
 *
 * <p>It learns from observations, and believes that a participant can be heard while all of this holds:
 *
 * <ol>
 *   <li>It is not paused.
 *   <li>No command to it waits longer than a patience to leave our outbox.
 *   <li>The broker says how far its replies reach and how far our consumers, on whichever node, have read; and the replies that
 *       were there a patience ago have been read. (Asking for nothing unread at this very moment would never hold under load.)
 *   <li>The last observation is not long ago: a process that stood still has heard nobody.
 * </ol>
 *
 * <p>Knows no clock: times are those of the observations. Safe for use by several threads.
 */
class Answerability {

    private final Duration replyPatience;
    private final Map<String, Hearing> participants = new TreeMap<>();
    private @Nullable Instant lastAt;

    /**
     * @param participants who may be sent commands
     * @param outboxPatience how long a command may wait to be sent
     * @param replyPatience how long a reply may wait to be read, and how far two observations may lie apart
     */
    Answerability(Collection<String> participants, Duration outboxPatience, Duration replyPatience) {
        this.replyPatience = replyPatience;
        participants.forEach(name -> this.participants.put(name, new Hearing(name, outboxPatience, replyPatience)));
    }

    /**
     * What was seen at one moment.
     *
     * @param at when, database time
     * @param paused participants that are sent nothing
     * @param oldestUnsentAt by topic, since when its oldest message waits to be sent; absent when none does
     * @param ends how far the replies reach, by partition
     * @param read how far they have been read
     */
    record Observation(
            Instant at,
            Set<String> paused,
            Map<String, Instant> oldestUnsentAt,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> read) {}

    /** Takes an observation in. */
    synchronized void observed(Observation now) {
        if (lastAt != null && Duration.between(lastAt, now.at()).compareTo(replyPatience) > 0) {
            unobservable();
        }
        lastAt = now.at();
        participants.values().forEach(participant -> participant.observed(now));
    }

    /** The database or the broker did not answer: nobody can be heard. */
    synchronized void unobservable() {
        participants.values().forEach(Hearing::unobservable);
    }

    /** By participant, since when it could be heard; of one that cannot be, {@code now}. */
    synchronized Map<String, Instant> since(Instant now) {
        Map<String, Instant> since = new HashMap<>();
        participants.forEach((name, hearing) -> since.put(name, hearing.since() == null ? now : hearing.since()));
        return since;
    }

    /** Since when this participant could be heard; null while it cannot be, or is unknown. */
    synchronized @Nullable Instant heardSince(String participant) {
        Hearing hearing = participants.get(participant);
        return hearing == null ? null : hearing.since();
    }

    /**
     * Of every participant that can be heard, each reply that was there by then has been read: what was due by then may be
     * called overdue. Empty while nobody can be heard: then no timer should fire.
     */
    synchronized Optional<Instant> readUntil() {
        return participants.values().stream()
                .map(Hearing::readUntil)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }
}
