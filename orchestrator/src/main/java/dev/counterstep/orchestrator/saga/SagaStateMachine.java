package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaEvent.AbandonRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.CancelRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.CompensateRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.ReplayRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.ReplyArrived;
import dev.counterstep.orchestrator.saga.SagaEvent.SkipRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.StartRequested;
import dev.counterstep.orchestrator.saga.SagaEvent.TimerFired;

import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.ABANDON;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.ACTION;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.CANCEL;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.COMPENSATE;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REASON;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REFUSED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REPLAY;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.SKIP;

/**
 * What a saga does next: {@code (definition, instance, event, now) → decision}.
 *
 * <p>One method per event, each a switch over all six states. Every method works on a {@link Draft}: it appends what
 * happened, and then lets {@link SagaProgress} carry the saga on as far as it goes without waiting. The rules:
 *
 * <ol>
 *   <li>Groups of steps are done one after the other; a group is finished when each of its steps succeeded or was skipped.
 *   <li>A reply counts if a step waits for exactly its (step, phase, generation). A definitive outcome counts from any
 *       attempt, others from the last one only. All else is logged as ignored and changes nothing.
 *   <li>A step that was rejected, or is out of attempts, before the pivot makes the saga compensate: whatever was in flight
 *       is unknown from then on, and whatever succeeded or is unknown is compensated, group by group in reverse.
 *   <li>A compensation or a retriable step that was rejected, or is out of attempts, makes the saga stuck as soon as nothing
 *       else is in flight. Compensations still to come wait for the operator as well, unless the definition lets them go on.
 *   <li>The late success of a step that was out of attempts still counts, and frees the saga.
 * </ol>
 *
 * <p>Stateless and thread-safe. Nothing has happened until the caller has stored the decision.
 */
public final class SagaStateMachine {

    private SagaStateMachine() {}

    /** The first decision of a saga: it is started, and the commands of its first group are sent. */
    public static SagaDecision start(SagaDefinition definition, StartRequested start, Now now) {
        Draft draft = Draft.starting(definition, start, now);
        SagaProgress.forward(draft);
        return decided(draft);
    }

    /**
     * Decides on an event of a saga that has been started.
     *
     * @throws IllegalArgumentException when the definition is not the one the saga was started with, or the event starts a
     *     saga
     */
    public static SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
        if (!definition.name().equals(saga.definition()) || definition.version() != saga.definitionVersion()) {
            throw new IllegalArgumentException("saga %s runs %s:%d, not %s"
                    .formatted(saga.id(), saga.definition(), saga.definitionVersion(), definition.reference()));
        }
        Draft draft = new Draft(definition, saga, now.notBefore(saga.updatedAt()));
        if (event instanceof ReplyArrived reply) {
            return onReply(draft, reply);
        }
        if (event instanceof TimerFired) {
            return onTimer(draft);
        }
        if (event instanceof CancelRequested cancel) {
            return onCancel(draft, cancel);
        }
        if (event instanceof ReplayRequested replay) {
            return onReplay(draft, replay);
        }
        if (event instanceof CompensateRequested compensate) {
            return onCompensate(draft, compensate);
        }
        if (event instanceof SkipRequested skip) {
            return onSkip(draft, skip);
        }
        if (event instanceof AbandonRequested abandon) {
            return onAbandon(draft, abandon);
        }
        throw new IllegalArgumentException("saga " + saga.id() + " is already started");
    }

    private static SagaDecision onReply(Draft draft, ReplyArrived reply) {
        switch (draft.saga().state()) {
            case RUNNING, COMPENSATING, STUCK -> StepReplies.apply(draft, reply);
            case COMPLETED, COMPENSATED, ABANDONED -> StepReplies.ignore(draft, reply, "the saga has ended");
        }
        return carriedOn(draft);
    }

    private static SagaDecision onTimer(Draft draft) {
        switch (draft.saga().state()) {
            case RUNNING -> {
                if (!SagaTimers.deadlinePassed(draft)) {
                    SagaTimers.fireSteps(draft);
                }
            }
            case COMPENSATING -> SagaTimers.fireSteps(draft);
            // Nothing is due: another node was faster, or an operator was.
            case STUCK, COMPLETED, COMPENSATED, ABANDONED -> {}
        }
        return carriedOn(draft);
    }

    private static SagaDecision onCancel(Draft draft, CancelRequested cancel) {
        return switch (draft.saga().state()) {
            case RUNNING -> {
                if (draft.saga().isPivotPassed()) {
                    yield cancelRefused(draft, cancel, "the saga is past its pivot and can only go forward");
                }
                asked(draft, CANCEL, cancel.actor(), cancel.reason(), cancel.messageId());
                SagaProgress.compensate(draft, null, cancel.reason());
                yield decided(draft);
            }
            case COMPENSATING -> cancelRefused(draft, cancel, "the saga is compensating already");
            case STUCK -> cancelRefused(draft, cancel, "the saga is stuck and needs an operator");
            case COMPLETED, COMPENSATED, ABANDONED -> cancelRefused(draft, cancel, "the saga has ended");
        };
    }

    private static SagaDecision onReplay(Draft draft, ReplayRequested replay) {
        return switch (draft.saga().state()) {
            case STUCK -> {
                StepInstance replayedOut = replayedOut(draft.saga());
                if (replayedOut != null) {
                    yield refused(
                            draft,
                            "step %s was replayed %d times, and no participant takes more: skip or abandon"
                                    .formatted(replayedOut.id(), StepInstance.MOST_GENERATIONS - 1));
                }
                asked(draft, REPLAY, replay.actor(), replay.reason(), null);
                SagaTimers.fireSteps(draft);
                yield carriedOn(draft);
            }
            case RUNNING, COMPENSATING, COMPLETED, COMPENSATED, ABANDONED ->
                refused(draft, "only a stuck saga is replayed");
        };
    }

    private static @Nullable StepInstance replayedOut(SagaInstance saga) {
        return saga.steps().values().stream()
                .filter(StepInstance::isReplayedOut)
                .findFirst()
                .orElse(null);
    }

    private static SagaDecision onCompensate(Draft draft, CompensateRequested compensate) {
        return switch (draft.saga().state()) {
            case RUNNING -> {
                if (draft.saga().isPivotPassed()) {
                    yield refused(draft, "the saga is past its pivot and can only go forward");
                }
                asked(draft, COMPENSATE, compensate.actor(), compensate.reason(), null);
                SagaProgress.compensate(draft, null, compensate.reason());
                yield decided(draft);
            }
            case COMPENSATING -> refused(draft, "the saga is compensating already");
            case STUCK -> refused(draft, "a stuck saga is replayed, skipped or abandoned");
            case COMPLETED, COMPENSATED, ABANDONED -> refused(draft, "the saga has ended");
        };
    }

    private static SagaDecision onSkip(Draft draft, SkipRequested skip) {
        return switch (draft.saga().state()) {
            case STUCK -> {
                asked(draft, SKIP, skip.actor(), skip.reason(), null);
                SagaProgress.skipStuckSteps(draft, skip);
                yield carriedOn(draft);
            }
            case RUNNING, COMPENSATING, COMPLETED, COMPENSATED, ABANDONED ->
                refused(draft, "only steps of a stuck saga are skipped");
        };
    }

    private static SagaDecision onAbandon(Draft draft, AbandonRequested abandon) {
        return switch (draft.saga().state()) {
            case STUCK -> {
                asked(draft, ABANDON, abandon.actor(), abandon.reason(), null);
                draft.append(LogKind.SAGA_ABANDONED, null, Map.of(REASON, abandon.reason()));
                yield decided(draft);
            }
            case RUNNING, COMPENSATING, COMPLETED, COMPENSATED, ABANDONED ->
                refused(draft, "only a stuck saga is abandoned");
        };
    }

    /** Logs who asked for what, and that it was granted. */
    private static void asked(Draft draft, String action, String actor, String reason, @Nullable String messageId) {
        draft.append(LogKind.OPERATOR_ACTION, null, messageId, actor, Map.of(ACTION, action, REASON, reason));
    }

    /** A cancel comes by message: nobody waits for its answer, so that it was refused is told by the log. */
    private static SagaDecision cancelRefused(Draft draft, CancelRequested cancel, String why) {
        Map<String, Object> detail = Map.of(ACTION, CANCEL, REASON, cancel.reason(), REFUSED, why);
        draft.append(LogKind.OPERATOR_ACTION, null, cancel.messageId(), cancel.actor(), detail);
        return decided(draft);
    }

    private static SagaDecision refused(Draft draft, String why) {
        return draft.refused(nextActionAt(draft.definition(), draft.saga(), draft.now()), why);
    }

    /** As far as the saga goes without waiting, in the direction it has now. */
    private static SagaDecision carriedOn(Draft draft) {
        switch (draft.saga().state()) {
            case RUNNING -> SagaProgress.forward(draft);
            case COMPENSATING -> SagaProgress.backward(draft);
            case STUCK, COMPLETED, COMPENSATED, ABANDONED -> {}
        }
        return decided(draft);
    }

    private static SagaDecision decided(Draft draft) {
        return draft.decision(nextActionAt(draft.definition(), draft.saga(), draft.now()));
    }

    /** When the saga wants its timer to fire next; null unless its state is active. */
    public static @Nullable Instant nextActionAt(SagaDefinition definition, SagaInstance saga, Now now) {
        return saga.state().isActive() ? SagaTimers.next(definition, saga, now) : null;
    }

    /**
     * When to look at a saga next: as it wants, or as it is planned already, if that is sooner. Looking too soon costs nothing but
     * a look, while a plan that changes with every step costs an index entry for each of them. A saga that is overdue and was not
     * planned to be looked at yet is due now: no plan is made for the past, where nobody looks any more.
     *
     * @param planned when it would be looked at so far; null when it would not
     * @param wanted {@link #nextActionAt}
     */
    public static @Nullable Instant nextLookAt(@Nullable Instant planned, @Nullable Instant wanted, Instant now) {
        if (wanted == null) {
            return null;
        }
        if (wanted.isAfter(now)) {
            return planned != null && planned.isAfter(now) && planned.isBefore(wanted) ? planned : wanted;
        }
        if (planned == null || planned.isAfter(now)) {
            return now;
        }
        return planned.isAfter(wanted) ? planned : wanted;
    }
}
