package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.persistence.HeldMessageStore;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaState;

/**
 * Tells operators what was committed: one log line for each saga that ended or is stuck, and the metrics {@code
 * saga.transition.count} (by definition and kind of log entry), {@code saga.ended.count} and {@code saga.ended.duration} (by
 * definition and state), {@code saga.limit.hits} (by limit), {@code saga.dead.letter.count}, {@code saga.stuck} and {@code
 * saga.held.message.count}.
 */
@Component
class SagaReports {

    private static final Logger LOG = LoggerFactory.getLogger("dev.counterstep.orchestrator.saga");

    private final MeterRegistry metrics;
    private final SagaQueries queries;
    private final HeldMessageStore heldMessages;
    private final AtomicLong stuck;
    private final AtomicLong held;

    SagaReports(MeterRegistry metrics, SagaQueries queries, HeldMessageStore heldMessages) {
        this.metrics = metrics;
        this.queries = queries;
        this.heldMessages = heldMessages;
        this.stuck = metrics.gauge("saga.stuck", new AtomicLong());
        this.held = metrics.gauge("saga.held.message.count", new AtomicLong());
    }

    void committed(SagaBatch batch) {
        for (SagaWork work : batch.sagas()) {
            work.entries().forEach(entry -> report(work.saga(), entry));
        }
        if (!batch.deadLetters().isEmpty()) {
            metrics.counter("saga.dead.letter.count")
                    .increment(batch.deadLetters().size());
        }
    }

    private void report(SagaInstance saga, SagaLogEntry entry) {
        metrics.counter(
                        "saga.transition.count",
                        "definition",
                        saga.definition(),
                        "kind",
                        entry.kind().name())
                .increment();
        limit(entry)
                .ifPresent(limit ->
                        metrics.counter("saga.limit.hits", "limit", limit).increment());
        switch (entry.kind()) {
            case SAGA_COMPLETED -> ended(saga, SagaState.COMPLETED);
            case SAGA_COMPENSATED -> ended(saga, SagaState.COMPENSATED);
            case SAGA_ABANDONED -> ended(saga, SagaState.ABANDONED);
            case SAGA_STUCK -> log(saga, SagaState.STUCK);
            case SAGA_STARTED,
                    COMMAND_SENT,
                    REPLY_RECEIVED,
                    REPLY_IGNORED,
                    RETRY_SCHEDULED,
                    STEP_TIMED_OUT,
                    STEP_SKIPPED,
                    DEADLINE_PASSED,
                    COMPENSATION_STARTED,
                    OPERATOR_ACTION -> {}
        }
    }

    /** Which limit of its definition or of the engine a saga has come to. */
    private static Optional<String> limit(SagaLogEntry entry) {
        if (entry.kind() == LogKind.DEADLINE_PASSED) {
            return Optional.of("saga-timeout");
        }
        if (Boolean.TRUE.equals(entry.detail().get(SagaLogEntry.Detail.EXHAUSTED))) {
            return Optional.of("attempts");
        }
        return Boolean.TRUE.equals(entry.detail().get(SagaLogEntry.Detail.CAPPED))
                ? Optional.of("timeouts-in-progress")
                : Optional.empty();
    }

    private void ended(SagaInstance saga, SagaState state) {
        Timer.builder("saga.ended.duration")
                .tag("definition", saga.definition())
                .tag("state", state.name())
                .register(metrics)
                .record(Duration.between(saga.startedAt(), saga.updatedAt()));
        metrics.counter("saga.ended.count", "definition", saga.definition(), "state", state.name())
                .increment();
        log(saga, state);
    }

    private static void log(SagaInstance saga, SagaState state) {
        long millis = Duration.between(saga.startedAt(), saga.updatedAt()).toMillis();
        String why = saga.failureReason() == null ? "" : ": " + saga.failureReason();
        MDC.put("sagaId", saga.id().toString());
        LOG.info("{} {} {} after {} ms{}", saga.definition(), saga.businessKey(), state, millis, why);
        MDC.remove("sagaId");
    }

    /** Counts in the database: every node shows the same, and a restart forgets nothing. */
    @Scheduled(
            fixedDelayString = "${counterstep.orchestrator.gauge-interval:5s}",
            scheduler = RuntimeConfiguration.SCHEDULER)
    void countWhatWaits() {
        try {
            stuck.set(queries.stuckCount());
            held.set(heldMessages.count());
        } catch (DataAccessException e) {
            LOG.debug("stuck sagas and held messages could not be counted", e);
        }
    }
}
