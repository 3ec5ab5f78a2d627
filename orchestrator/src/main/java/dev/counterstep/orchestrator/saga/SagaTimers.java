package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;

import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DUE_AT;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.EXHAUSTED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REASON;

/** What happens because time passed: attempts that are overdue, retries that are due, the saga's deadline. */
final class SagaTimers {

    private SagaTimers() {}

    /** The earliest instant at which something of an active saga is due. */
    static Instant next(SagaDefinition definition, SagaInstance saga, Now now) {
        Stream<Instant> steps = saga.steps().values().stream()
                .filter(step -> step.status().isInFlight())
                .map(step -> due(definition, step, now));
        Instant deadline = deadline(definition, saga, now);
        return Stream.concat(steps, Stream.ofNullable(deadline))
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException("saga " + saga.id() + " is active and awaits nothing"));
    }

    /** Compensates a saga whose deadline has passed before its pivot; false when it has not. */
    static boolean deadlinePassed(Draft draft) {
        Instant deadline = deadline(draft.definition(), draft.saga(), draft.now());
        if (deadline == null || draft.at().isBefore(deadline)) {
            return false;
        }
        String reason = "the saga did not pass its pivot within "
                + words(Objects.requireNonNull(draft.definition().timeout()));
        draft.append(LogKind.DEADLINE_PASSED, null, Map.of(REASON, reason));
        SagaProgress.compensate(draft, draft.saga().currentStep(), reason);
        return true;
    }

    /** Times out each attempt that is overdue, and sends again each command whose wait is over. */
    static void fireSteps(Draft draft) {
        for (SagaStep step : draft.definition().steps()) {
            StepInstance instance = draft.saga().step(step.id());
            if (!instance.status().isInFlight()
                    || draft.at().isBefore(due(draft.definition(), instance, draft.now()))) {
                continue;
            }
            if (instance.status() == StepStatus.SENT) {
                timeOut(draft, step, instance);
            } else {
                SagaProgress.send(draft, step, phaseOf(instance));
            }
        }
    }

    /** Schedules the next attempt after the policy's wait, or after the participant's wish if that is longer. */
    static void scheduleRetry(Draft draft, StepInstance step, @Nullable Duration atLeast) {
        RetryPolicy retry = draft.definition().step(step.id()).retry();
        Duration wait = retry.waitAfter(step.attempts(), draft.saga().id(), step.id());
        if (atLeast != null && atLeast.compareTo(wait) > 0) {
            wait = atLeast;
        }
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(DUE_AT, draft.at().plus(wait).toString());
        detail.put(REASON, step.reason());
        draft.append(LogKind.RETRY_SCHEDULED, where(step), detail);
    }

    private static void timeOut(Draft draft, SagaStep step, StepInstance instance) {
        boolean exhausted = instance.attempts() >= step.retry().attempts();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(REASON, "no reply within " + words(step.timeout()));
        if (exhausted) {
            detail.put(EXHAUSTED, true);
        }
        draft.append(LogKind.STEP_TIMED_OUT, where(instance), detail);
        if (!exhausted) {
            scheduleRetry(draft, draft.saga().step(step.id()), null);
        }
    }

    /** An attempt's clock counts only while it could be answered; a wait between attempts is just a wait. */
    private static Instant due(SagaDefinition definition, StepInstance step, Now now) {
        Instant due = Objects.requireNonNull(step.dueAt());
        return step.status() == StepStatus.SENT
                ? now.ring(
                        Stream.of(step.participant()),
                        due,
                        definition.step(step.id()).timeout())
                : due;
    }

    /**
     * Until when the pivot must have succeeded; null when there is no such limit, or none any more. What time was lost with any
     * of its participants is granted anew.
     */
    static @Nullable Instant deadline(SagaDefinition definition, SagaInstance saga, Now now) {
        if (saga.deadlineAt() == null
                || definition.timeout() == null
                || saga.state() != SagaState.RUNNING
                || saga.isPivotPassed()) {
            return null;
        }
        Stream<String> participants = definition.steps().stream().map(SagaStep::participant);
        return now.ring(participants, saga.deadlineAt(), definition.timeout());
    }

    /** As a definition writes it: {@code 30s}, {@code 1h30m}. */
    private static String words(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    static Coordinates where(StepInstance step) {
        return new Coordinates(step.id(), step.phase(), step.generation(), step.attempts());
    }

    private static Phase phaseOf(StepInstance step) {
        return Objects.requireNonNull(step.phase(), "a step in flight has a phase");
    }
}
