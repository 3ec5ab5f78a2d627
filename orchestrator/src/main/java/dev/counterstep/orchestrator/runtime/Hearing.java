package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.runtime.Answerability.Observation;

/** What {@link Answerability} knows of one participant. Not safe for use by several threads. */
final class Hearing {

    private final String participant;
    private final String commands;
    private final String replies;
    private final Duration outboxPatience;
    private final Duration replyPatience;

    private @Nullable Observation unread;
    private @Nullable Instant readUntil;
    private @Nullable Instant since;

    Hearing(String participant, Duration outboxPatience, Duration replyPatience) {
        this.participant = participant;
        this.commands = OrchestratorProperties.commandTopic(participant);
        this.replies = OrchestratorProperties.replyTopic(participant);
        this.outboxPatience = outboxPatience;
        this.replyPatience = replyPatience;
    }

    void observed(Observation now) {
        followReplies(now);
        if (now.paused().contains(participant) || !isSent(now) || !isRead(now)) {
            since = null;
        } else if (since == null) {
            since = now.at();
        }
    }

    void unobservable() {
        since = null;
        unread = null;
        readUntil = null;
    }

    /** From here on it could be heard without a break; null while it cannot be. */
    @Nullable
    Instant since() {
        return since;
    }

    /** Every reply of it that was there by then has been read; null while it cannot be heard. */
    @Nullable
    Instant readUntil() {
        return since == null ? null : readUntil;
    }

    private void followReplies(Observation now) {
        if (hasRead(now, now)) {
            readUntil = now.at();
            unread = null;
        } else if (unread == null) {
            unread = now;
        } else if (hasRead(now, unread)) {
            readUntil = unread.at();
            unread = now;
        }
    }

    private boolean hasRead(Observation now, Observation earlier) {
        return earlier.ends().entrySet().stream()
                .filter(end -> isReplies(end.getKey()))
                .allMatch(end -> now.read().getOrDefault(end.getKey(), -1L) >= end.getValue());
    }

    private boolean isReplies(TopicPartition partition) {
        return partition.topic().equals(replies);
    }

    private boolean isSent(Observation now) {
        Instant oldest = now.oldestUnsentAt().get(commands);
        return oldest == null || !oldest.isBefore(now.at().minus(outboxPatience));
    }

    private boolean isRead(Observation now) {
        return readUntil != null && Duration.between(readUntil, now.at()).compareTo(replyPatience) <= 0;
    }
}
