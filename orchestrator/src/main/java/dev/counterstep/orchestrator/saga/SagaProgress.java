package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaEvent.SkipRequested;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;

import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REASON;

/** Carries a saga on, forward or backward, until it waits for something or has ended. */
final class SagaProgress {

    private SagaProgress() {}

    /** Goes on with the first group that is not finished; completes the saga when there is none. */
    static void forward(Draft draft) {
        StepInstance failed = failedBeforePivot(draft.saga());
        if (failed != null) {
            compensate(draft, failed.id(), failed.reason());
            return;
        }
        for (List<SagaStep> group : draft.definition().groups()) {
            if (!beginPending(draft, group)) {
                return;
            }
            if (!isFinished(draft.saga(), group)) {
                stickIfNothingMoves(draft);
                return;
            }
        }
        draft.append(LogKind.SAGA_COMPLETED, null, Map.of());
    }

    /**
     * Undoes the last group that has something to undo, and when it is stuck also those before it, if the definition says so.
     * When nothing is being undone any more the saga is compensated, or stuck.
     */
    static void backward(Draft draft) {
        List<List<SagaStep>> groups = new ArrayList<>(draft.definition().groups());
        Collections.reverse(groups);
        Unsendable unsendable = null;
        for (List<SagaStep> group : groups) {
            for (SagaStep step : group) {
                if (isToBeUndone(step, draft.saga().step(step.id()))) {
                    Unsendable failed = trySend(draft, step, Phase.COMPENSATION);
                    unsendable = unsendable == null ? failed : unsendable;
                }
            }
            if (draft.saga().isInFlight()) {
                return;
            }
            boolean isStuck = unsendable != null || draft.saga().needsOperator();
            if (isStuck && draft.definition().onStuckCompensation() == OnStuckCompensation.STOP) {
                break;
            }
        }
        undone(draft, unsendable);
    }

    private static void undone(Draft draft, @Nullable Unsendable unsendable) {
        if (unsendable != null) {
            stick(draft, unsendable);
        } else if (draft.saga().needsOperator()) {
            stickIfNothingMoves(draft);
        } else {
            draft.append(LogKind.SAGA_COMPENSATED, null, Map.of());
        }
    }

    /** Turns the saga round. */
    static void compensate(Draft draft, @Nullable String failedStep, @Nullable String reason) {
        Coordinates where =
                failedStep == null ? null : SagaTimers.where(draft.saga().step(failedStep));
        draft.append(LogKind.COMPENSATION_STARTED, where, Map.of(REASON, reason == null ? "no reason given" : reason));
        backward(draft);
    }

    /** What an operator has settled by other means counts as skipped. */
    static void skipStuckSteps(Draft draft, SkipRequested skip) {
        for (StepInstance step : draft.saga().steps().values()) {
            if (step.needsOperator()) {
                draft.append(
                        LogKind.STEP_SKIPPED,
                        SagaTimers.where(step),
                        null,
                        skip.actor(),
                        Map.of(REASON, skip.reason()));
            }
        }
    }

    /**
     * Sends the next attempt of a step's command. A command that cannot be made from the saga's data is a step that failed:
     * before the pivot the saga compensates, else it is stuck.
     *
     * @return false when the command could not be made: the saga has been turned round, or is stuck once nothing else moves
     */
    static boolean send(Draft draft, SagaStep step, Phase phase) {
        Unsendable unsendable = trySend(draft, step, phase);
        if (unsendable != null) {
            cannotSend(draft, step, unsendable);
        }
        return unsendable == null;
    }

    /** A command that cannot be made: which, and why. */
    private record Unsendable(Coordinates where, String reason) {}

    private static @Nullable Unsendable trySend(Draft draft, SagaStep step, Phase phase) {
        StepInstance instance = draft.saga().step(step.id());
        boolean again = instance.phase() == phase;
        int attempt = again ? instance.attempts() + 1 : 1;
        Coordinates where = new Coordinates(step.id(), phase, again ? instance.generation() : 1, attempt);
        try {
            draft.send(command(draft, step, where), draft.at().plus(step.timeout()));
            return null;
        } catch (ExpressionException cause) {
            return new Unsendable(where, cause.reason());
        }
    }

    private static StepCommand command(Draft draft, SagaStep step, Coordinates where) {
        Phase phase = Objects.requireNonNull(where.phase());
        SagaData data = draft.saga().data();
        Instant expiresAt =
                phase == Phase.ACTION ? SagaTimers.deadline(draft.definition(), draft.saga(), draft.now()) : null;
        return new StepCommand(
                step.participant(),
                Objects.requireNonNull(step.command(phase)),
                where,
                step.expressions().key().apply(data),
                body(step, phase, draft.saga()),
                expiresAt);
    }

    private static Map<String, Object> body(SagaStep step, Phase phase, SagaInstance saga) {
        Map<String, Object> payload = step.expressions().payload().apply(saga.data());
        step.expressions().sendable().accept(payload);
        return phase == Phase.ACTION ? payload : withReason(payload, step, saga);
    }

    /**
     * Whoever undoes something can say why: the order's cancellation tells the customer. A payload's own reason stays; one
     * that would make the body too large is left out, for to undo matters more than to say why.
     */
    private static Map<String, Object> withReason(Map<String, Object> payload, SagaStep step, SagaInstance saga) {
        Map<String, Object> body = new LinkedHashMap<>(payload);
        body.putIfAbsent(REASON, Objects.requireNonNull(saga.failureReason()));
        try {
            step.expressions().sendable().accept(body);
            return body;
        } catch (ExpressionException noRoom) {
            return payload;
        }
    }

    /** Stuck only when nothing else is in flight: until then it is tried again with each event. */
    private static void cannotSend(Draft draft, SagaStep step, Unsendable unsendable) {
        boolean waited = draft.saga().step(step.id()).status().isInFlight();
        if (unsendable.where().phase() == Phase.ACTION && step.kind() != StepKind.RETRIABLE) {
            compensate(draft, step.id(), unsendable.reason());
        } else if (waited || !draft.saga().isInFlight()) {
            stick(draft, unsendable);
        }
    }

    private static void stick(Draft draft, Unsendable unsendable) {
        draft.append(LogKind.SAGA_STUCK, unsendable.where(), Map.of(REASON, unsendable.reason()));
    }

    /** Sends or skips each step of the group whose turn has come; false when one of them could not be begun. */
    private static boolean beginPending(Draft draft, List<SagaStep> group) {
        for (SagaStep step : group) {
            if (draft.saga().step(step.id()).status() == StepStatus.PENDING && !begin(draft, step)) {
                return false;
            }
        }
        return true;
    }

    private static boolean begin(Draft draft, SagaStep step) {
        int generation = draft.saga().step(step.id()).generation();
        boolean wanted;
        try {
            wanted = step.expressions().when().test(draft.saga().data());
        } catch (ExpressionException cause) {
            Coordinates where = new Coordinates(step.id(), Phase.ACTION, generation, 0);
            cannotSend(draft, step, new Unsendable(where, cause.reason()));
            return false;
        }
        if (wanted) {
            return send(draft, step, Phase.ACTION);
        }
        draft.append(
                LogKind.STEP_SKIPPED,
                new Coordinates(step.id(), null, generation, 0),
                Map.of(REASON, "its condition is false"));
        return true;
    }

    /** Stuck only when nothing else is in flight: what still moves may yet change the picture. */
    private static void stickIfNothingMoves(Draft draft) {
        SagaInstance saga = draft.saga();
        if (saga.isInFlight()) {
            return;
        }
        StepInstance cause = saga.steps().values().stream()
                .filter(StepInstance::needsOperator)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("saga " + saga.id() + " neither moves nor is stuck"));
        String reason = cause.reason() == null ? "no reason given" : cause.reason();
        draft.append(LogKind.SAGA_STUCK, SagaTimers.where(cause), Map.of(REASON, reason));
    }

    private static @Nullable StepInstance failedBeforePivot(SagaInstance saga) {
        return saga.steps().values().stream()
                .filter(step -> step.kind() != StepKind.RETRIABLE)
                .filter(step -> step.status() == StepStatus.REJECTED || step.status() == StepStatus.UNKNOWN)
                .findFirst()
                .orElse(null);
    }

    private static boolean isFinished(SagaInstance saga, List<SagaStep> group) {
        return group.stream()
                .map(step -> saga.step(step.id()).status())
                .allMatch(status -> status == StepStatus.SUCCEEDED || status == StepStatus.SKIPPED);
    }

    /** A pivot that succeeded is never undone: then the saga no longer turns round. */
    private static boolean isToBeUndone(SagaStep step, StepInstance instance) {
        return step.compensation() != null
                && (instance.status() == StepStatus.SUCCEEDED || instance.status() == StepStatus.UNKNOWN);
    }
}
