package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepStatus;

/**
 * What is the matter with a saga, for people. View {@code saga_v1.stuck_saga} uses the same words.
 *
 * @param verdict in one word
 * @param sentence in one plain sentence
 * @param nextAction what happens without anybody doing anything; null when nothing does
 */
public record SagaDiagnosis(
        Verdict verdict, String sentence, @Nullable String nextAction) {

    /** What can be the matter with a saga. */
    public enum Verdict {
        /** Active: a command was sent, its reply is awaited. */
        AWAITING_REPLY,
        /** Active: every attempt so far has failed, and the next one is scheduled. */
        AWAITING_RETRY,
        /** Active, but the node that was asked cannot read its definition: only others move it. */
        DEFINITION_UNREADABLE,
        /** Active: a command is for a participant that an operator has paused; until it is resumed its clock stands still. */
        PARTICIPANT_PAUSED,
        /** Final: nothing is the matter. */
        ENDED,
        /** Stuck: an action past the pivot got no answer, or errors only. */
        ACTION_OUT_OF_ATTEMPTS,
        /** Stuck: an action past the pivot was refused. */
        ACTION_REJECTED,
        /** Stuck: a compensation got no answer, or errors only. */
        COMPENSATION_OUT_OF_ATTEMPTS,
        /** Stuck: a compensation was refused. */
        COMPENSATION_REJECTED,
        /** Stuck: a command could not be made from the saga's data. */
        COMMAND_NOT_BUILDABLE
    }

    /**
     * Diagnoses a saga.
     *
     * @param paused by participant, the pauses that last
     */
    public static SagaDiagnosis of(SagaInstance saga, Map<String, Pause> paused) {
        return switch (saga.state()) {
            case RUNNING, COMPENSATING -> held(saga, paused).orElseGet(() -> active(saga));
            case STUCK -> stuck(saga);
            case COMPLETED -> ended("every step was done");
            case COMPENSATED -> ended("every step that may have been done was undone, because " + saga.failureReason());
            case ABANDONED -> ended("an operator gave it up");
        };
    }

    /**
     * Diagnoses an active saga from a node that cannot move it.
     *
     * @param reason why it cannot
     */
    public static SagaDiagnosis leftToAnother(String reason) {
        return new SagaDiagnosis(Verdict.DEFINITION_UNREADABLE, reason, "a node that can read it moves the saga on");
    }

    private static SagaDiagnosis ended(String sentence) {
        return new SagaDiagnosis(Verdict.ENDED, sentence, null);
    }

    private static Optional<SagaDiagnosis> held(SagaInstance saga, Map<String, Pause> paused) {
        return saga.steps().values().stream()
                .filter(step -> step.status() == StepStatus.SENT && paused.containsKey(step.participant()))
                .findFirst()
                .map(step -> held(step, Objects.requireNonNull(paused.get(step.participant()))));
    }

    private static SagaDiagnosis held(StepInstance step, Pause pause) {
        return new SagaDiagnosis(
                Verdict.PARTICIPANT_PAUSED,
                "%s waits: participant %s is paused by %s since %s: %s"
                        .formatted(name(step), step.participant(), pause.actor(), pause.since(), pause.reason()),
                "when %s is resumed its command is sent, and its timeout starts anew".formatted(step.participant()));
    }

    private static SagaDiagnosis active(SagaInstance saga) {
        Optional<StepInstance> sent = first(saga, StepStatus.SENT);
        if (sent.isPresent()) {
            StepInstance step = sent.get();
            return new SagaDiagnosis(
                    Verdict.AWAITING_REPLY,
                    "%s has not answered attempt %d of %s yet"
                            .formatted(step.participant(), step.attempts(), name(step)),
                    "at %s, unless the answer comes before, what is overdue is tried again or given up"
                            .formatted(overdueAt(saga, step)));
        }
        return first(saga, StepStatus.RETRYING)
                .map(step -> new SagaDiagnosis(
                        Verdict.AWAITING_RETRY,
                        "attempt %d of %s failed: %s".formatted(step.attempts(), name(step), step.reason()),
                        "at %s it is sent to %s again".formatted(step.dueAt(), step.participant())))
                .orElseThrow(() -> new IllegalStateException("saga " + saga.id() + " is active and awaits nothing"));
    }

    /** When the attempt is, or the saga as a whole; an outage puts both off. */
    private static Instant overdueAt(SagaInstance saga, StepInstance step) {
        Instant due = Objects.requireNonNull(step.dueAt());
        Instant deadline = saga.state() == SagaState.RUNNING && !saga.isPivotPassed() ? saga.deadlineAt() : null;
        return deadline == null || due.isBefore(deadline) ? due : deadline;
    }

    private static SagaDiagnosis stuck(SagaInstance saga) {
        StepInstance step = saga.steps().values().stream()
                .filter(StepInstance::needsOperator)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("saga " + saga.id() + " is stuck at nothing"));
        Verdict verdict = verdict(step);
        String sentence = switch (verdict) {
            case COMMAND_NOT_BUILDABLE -> "the command of %s cannot be made: %s";
            case ACTION_REJECTED, COMPENSATION_REJECTED -> "%s was refused: %s";
            default -> "%s has no attempt left: %s";
        };
        return new SagaDiagnosis(verdict, sentence.formatted(name(step), step.reason()), null);
    }

    private static Verdict verdict(StepInstance step) {
        boolean undoing = step.phase() == Phase.COMPENSATION;
        if (step.status() == StepStatus.REJECTED) {
            return undoing ? Verdict.COMPENSATION_REJECTED : Verdict.ACTION_REJECTED;
        }
        if (step.attempts() == 0) {
            return Verdict.COMMAND_NOT_BUILDABLE;
        }
        return undoing ? Verdict.COMPENSATION_OUT_OF_ATTEMPTS : Verdict.ACTION_OUT_OF_ATTEMPTS;
    }

    private static Optional<StepInstance> first(SagaInstance saga, StepStatus status) {
        return saga.steps().values().stream()
                .filter(step -> step.status() == status)
                .findFirst();
    }

    private static String name(StepInstance step) {
        String phase = step.phase() == null ? "action" : step.phase().name().toLowerCase(Locale.ROOT);
        return "the %s of step %s".formatted(phase, step.id());
    }
}
