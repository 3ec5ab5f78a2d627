package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.TopicPartition;

import dev.counterstep.orchestrator.runtime.Answerability.Observation;

/** {@link Answerability}, for simulations in other packages. */
public final class ModelAnswerability {

    private final Answerability answerability;

    /** Of participants who have not been heard yet; the patiences are those of the properties of these names. */
    public ModelAnswerability(Collection<String> participants, Duration outboxPatience, Duration replyPatience) {
        this.answerability = new Answerability(participants, outboxPatience, replyPatience);
    }

    /** Takes in what was seen at one moment: who is paused, what waits to be sent, how far replies reach and are read. */
    public void observed(
            Instant at,
            Set<String> paused,
            Map<String, Instant> oldestUnsentAt,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> read) {
        answerability.observed(new Observation(at, paused, oldestUnsentAt, ends, read));
    }

    /** The broker did not answer. */
    public void unobservable() {
        answerability.unobservable();
    }

    /** By participant, since when it could be heard; of one that cannot be, {@code now}. */
    public Map<String, Instant> since(Instant now) {
        return answerability.since(now);
    }

    /** What was due by then may be called overdue; empty while nobody can be heard. */
    public Optional<Instant> readUntil() {
        return answerability.readUntil();
    }
}
