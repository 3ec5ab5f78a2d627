package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.ACTION;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.BUSINESS_KEY;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.CORRELATION_ID;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DATA;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DEADLINE_AT;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DUE_AT;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.EXHAUSTED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.INPUT;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.OUTCOME;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REASON;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REFUSED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REPLAY;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.TRACEPARENT;

/**
 * How a log becomes an instance. The state machine uses it for each entry it decides on, and recovery and verification use
 * it on the stored log, so that both must come to the same.
 */
public final class SagaFold {

    private SagaFold() {}

    /**
     * The instance a whole log describes.
     *
     * @param log oldest first; its first entry is SAGA_STARTED
     * @throws IllegalArgumentException when the log is empty or begins otherwise
     */
    public static SagaInstance fold(UUID sagaId, SagaDefinition definition, List<SagaLogEntry> log) {
        if (log.isEmpty() || log.get(0).kind() != LogKind.SAGA_STARTED) {
            throw new IllegalArgumentException("the log of saga " + sagaId + " does not begin with SAGA_STARTED");
        }
        SagaInstance saga = begin(sagaId, definition, log.get(0));
        for (SagaLogEntry entry : log.subList(1, log.size())) {
            saga = apply(saga, entry);
        }
        return saga;
    }

    /** The instance as SAGA_STARTED makes it. */
    static SagaInstance begin(UUID sagaId, SagaDefinition definition, SagaLogEntry started) {
        Map<String, StepInstance> steps = new LinkedHashMap<>();
        definition.steps().forEach(step -> steps.put(step.id(), StepInstance.initial(step)));
        return new SagaInstance(
                sagaId,
                definition.name(),
                definition.version(),
                Objects.requireNonNull(started.text(BUSINESS_KEY)),
                SagaState.RUNNING,
                started.at(),
                started.at(),
                null,
                started.instant(DEADLINE_AT),
                null,
                null,
                new SagaInstance.Origin(
                        Objects.requireNonNull(started.text(CORRELATION_ID)), started.text(TRACEPARENT)),
                object(started.detail().get(INPUT)),
                Map.of(),
                steps);
    }

    /** The instance after one more entry. */
    static SagaInstance apply(SagaInstance saga, SagaLogEntry entry) {
        return switch (entry.kind()) {
            case REPLY_IGNORED, DEADLINE_PASSED -> saga;
            case SAGA_STARTED -> throw new IllegalArgumentException("saga " + saga.id() + " starts twice");
            case COMMAND_SENT -> commandSent(saga, entry).updated(entry.at());
            case REPLY_RECEIVED -> resumed(replyReceived(saga, entry), entry).updated(entry.at());
            case RETRY_SCHEDULED ->
                moved(saga, entry, StepStatus.RETRYING, entry.instant(DUE_AT)).updated(entry.at());
            case STEP_TIMED_OUT -> timedOut(saga, entry).updated(entry.at());
            case STEP_SKIPPED ->
                resumed(moved(saga, entry, StepStatus.SKIPPED, null), entry).updated(entry.at());
            case COMPENSATION_STARTED -> compensationStarted(saga, entry).updated(entry.at());
            case SAGA_COMPLETED -> saga.ended(SagaState.COMPLETED, entry.at()).updated(entry.at());
            case SAGA_COMPENSATED ->
                saga.ended(SagaState.COMPENSATED, entry.at()).updated(entry.at());
            case SAGA_ABANDONED -> saga.ended(SagaState.ABANDONED, entry.at()).updated(entry.at());
            case SAGA_STUCK -> stuck(saga, entry).updated(entry.at());
            case OPERATOR_ACTION -> operatorAction(saga, entry);
        };
    }

    private static SagaInstance commandSent(SagaInstance saga, SagaLogEntry entry) {
        SagaLogEntry.Coordinates to = entry.where();
        return saga.with(saga.step(to.step())
                .sent(
                        Objects.requireNonNull(to.phase()),
                        to.generation(),
                        to.attempt(),
                        entry.at(),
                        Objects.requireNonNull(entry.instant(DUE_AT))));
    }

    private static SagaInstance replyReceived(SagaInstance saga, SagaLogEntry entry) {
        StepInstance step = saga.step(entry.step());
        String reason = entry.text(REASON);
        return switch (Outcome.valueOf(Objects.requireNonNull(entry.text(OUTCOME)))) {
            case SUCCEEDED -> succeeded(saga, step, entry);
            case REJECTED -> saga.with(step.replied(StepStatus.REJECTED, entry.at(), null, reason));
            case RETRYABLE ->
                saga.with(
                        entry.isTrue(EXHAUSTED)
                                ? step.replied(step.exhausted(), entry.at(), null, reason)
                                : step.replied(step.status(), entry.at(), step.dueAt(), reason));
            case IN_PROGRESS -> saga.with(step.replied(StepStatus.SENT, entry.at(), entry.instant(DUE_AT), reason));
        };
    }

    private static SagaInstance succeeded(SagaInstance saga, StepInstance step, SagaLogEntry entry) {
        if (step.phase() == Phase.COMPENSATION) {
            return saga.with(step.replied(StepStatus.COMPENSATED, entry.at(), null, null));
        }
        return saga.with(step.replied(StepStatus.SUCCEEDED, entry.at(), null, null))
                .withReply(step.id(), object(entry.detail().get(DATA)));
    }

    private static SagaInstance timedOut(SagaInstance saga, SagaLogEntry entry) {
        StepInstance step = saga.step(entry.step());
        return moved(saga, entry, entry.isTrue(EXHAUSTED) ? step.exhausted() : step.status(), step.dueAt());
    }

    private static SagaInstance moved(SagaInstance saga, SagaLogEntry entry, StepStatus next, @Nullable Instant due) {
        Instant dueAt = next.isInFlight() ? due : null;
        return saga.with(saga.step(entry.step()).moved(next, entry.where().phase(), dueAt, entry.text(REASON)));
    }

    /** What was sent and not answered may have happened: from here on it counts as if it had. */
    private static SagaInstance compensationStarted(SagaInstance saga, SagaLogEntry entry) {
        SagaInstance next = saga.in(SagaState.COMPENSATING)
                .withFailure(entry.coordinates() == null ? null : entry.step(), entry.text(REASON));
        for (StepInstance step : saga.steps().values()) {
            if (step.status().isInFlight()) {
                next = next.with(
                        step.moved(StepStatus.UNKNOWN, step.phase(), null, "no answer when compensation began"));
            }
        }
        return next;
    }

    /** Keeps an earlier failure: why a saga compensates outlives why its compensation sticks. */
    private static SagaInstance stuck(SagaInstance saga, SagaLogEntry entry) {
        StepInstance step = saga.step(entry.step());
        SagaInstance next = step.needsOperator() ? saga : saga.with(step.unsent(entry.where(), entry.text(REASON)));
        next = next.in(SagaState.STUCK);
        return saga.failureReason() == null ? next.withFailure(step.id(), entry.text(REASON)) : next;
    }

    private static SagaInstance operatorAction(SagaInstance saga, SagaLogEntry entry) {
        if (!REPLAY.equals(entry.text(ACTION)) || entry.text(REFUSED) != null) {
            return saga;
        }
        SagaInstance next = saga;
        for (StepInstance step : saga.steps().values()) {
            if (step.needsOperator()) {
                next = going(next.with(step.replayed(entry.at())), step.phase());
            }
        }
        return next.updated(entry.at());
    }

    /** A stuck saga goes on as soon as none of its steps needs an operator any more. */
    private static SagaInstance resumed(SagaInstance saga, SagaLogEntry entry) {
        return saga.state() == SagaState.STUCK && !saga.needsOperator()
                ? going(saga, entry.where().phase())
                : saga;
    }

    /** On in the direction of the phase; one that goes forward again has no failure to tell of. */
    private static SagaInstance going(SagaInstance saga, @Nullable Phase phase) {
        return phase == Phase.COMPENSATION
                ? saga.in(SagaState.COMPENSATING)
                : saga.in(SagaState.RUNNING).withFailure(null, null);
    }

    /** A JSON object of an entry's detail; the log holds nothing else there. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
