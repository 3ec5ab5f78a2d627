package dev.counterstep.messaging.participant;

import java.util.Locale;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import dev.counterstep.messaging.OutcomeKind;

/**
 * What a participant tells about itself.
 *
 * <ul>
 *   <li>{@code saga.command.replies} (type, outcome, cause): commands answered
 *   <li>{@code saga.command.deadletters} (code): commands set aside
 *   <li>{@code saga.command.batch.size}: commands polled together
 *   <li>{@code saga.command.batch.duration}: from the poll to the last commit, seconds
 *   <li>{@code saga.command.splits}: rounds that failed together and were then run one by one
 * </ul>
 */
final class ParticipantMetrics {

    /** Why a command was answered as it was. */
    enum Cause {
        /** Its handler, or the completion of its call, said so. */
        HANDLED,
        /** It had been answered before. */
        REPEATED,
        /** An action that was barred. */
        LATE,
        /** A compensation with nothing to undo. */
        EMPTY,
        /** It came after its saga-expires-at. */
        EXPIRED,
        /** Its handler or call threw, or asked for another try. */
        FAILED
    }

    private final MeterRegistry registry;
    private final DistributionSummary batchSize;
    private final Timer batchDuration;

    ParticipantMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batchSize = registry.summary("saga.command.batch.size");
        this.batchDuration = registry.timer("saga.command.batch.duration");
    }

    void answered(String type, OutcomeKind outcome, Cause cause) {
        registry.counter(
                        "saga.command.replies",
                        "type",
                        type,
                        "outcome",
                        outcome.name(),
                        "cause",
                        cause.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    void deadLetter(String code) {
        registry.counter("saga.command.deadletters", "code", code).increment();
    }

    void split() {
        registry.counter("saga.command.splits").increment();
    }

    void batch(int size, Runnable work) {
        batchSize.record(size);
        batchDuration.record(work);
    }
}
