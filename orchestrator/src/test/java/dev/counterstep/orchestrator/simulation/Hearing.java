package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;

import dev.counterstep.orchestrator.runtime.ModelAnswerability;
import dev.counterstep.orchestrator.simulation.ModelBroker.Partition;

/** What one node knows of whether participants can be heard: the real {@code Answerability}, observed after {@code AnswerabilityObserver}. */
final class Hearing {

    private static final Duration OUTBOX_PATIENCE = Duration.ofSeconds(1);
    private static final Duration REPLY_PATIENCE = Duration.ofSeconds(2);

    private final OrchestratorShared shared;
    private final ModelAnswerability answerability =
            new ModelAnswerability(Definitions.participants(), OUTBOX_PATIENCE, REPLY_PATIENCE);

    Hearing(OrchestratorShared shared) {
        this.shared = shared;
    }

    /** Looks now. */
    void observe() {
        if (shared.broker().isAway()) {
            answerability.unobservable();
            return;
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<TopicPartition, Long> read = new HashMap<>();
        for (Partition partition : shared.group().partitions()) {
            if (partition.isOfReplies) {
                ends.put(partition.id, (long) partition.messages.size());
                read.put(partition.id, (long) shared.group().committed(partition));
            }
        }
        Instant now = Agenda.instant(shared.database().now());
        answerability.observed(now, shared.pauses().paused(), oldestUnsentAt(), ends, read);
    }

    private Map<String, Instant> oldestUnsentAt() {
        Map<String, Instant> oldest = new HashMap<>();
        for (ModelDatabase.OutboxRow row : shared.database().outbox().values()) {
            oldest.computeIfAbsent(row.message().topic(), topic -> Agenda.instant(row.createdAt()));
        }
        return oldest;
    }

    /** By participant, since when it could be heard without a break. */
    Map<String, Instant> since() {
        return answerability.since(Agenda.instant(shared.database().now()));
    }

    /** Every reply that was there by then has been read; empty while nobody can be heard. */
    Optional<Instant> readUntil() {
        return answerability.readUntil();
    }
}
