package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One saga, as far as it has come. Immutable: {@link SagaFold} makes the next from this one and a log entry.
 *
 * @param id the saga
 * @param definition the definition's name
 * @param definitionVersion its version, for life
 * @param businessKey what the saga is about, unique within the definition: an order id, say
 * @param state where it stands
 * @param startedAt when it began
 * @param updatedAt when it last changed
 * @param endedAt when it ended; null unless the state is final
 * @param deadlineAt until when the pivot must have succeeded; null for no limit
 * @param failureStep the step that made it compensate or stick; null when none did
 * @param failureReason why it compensates or sticks; null while all is well
 * @param origin where it came from
 * @param input what it was started with: a JSON object
 * @param replies by step id, what each succeeded step answered
 * @param steps by step id, in the order of the definition
 */
public record SagaInstance(
        UUID id,
        String definition,
        int definitionVersion,
        String businessKey,
        SagaState state,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @Nullable Instant deadlineAt,
        @Nullable String failureStep,
        @Nullable String failureReason,
        Origin origin,
        Map<String, Object> input,
        Map<String, Map<String, Object>> replies,
        Map<String, StepInstance> steps) {

    public SagaInstance {
        replies = Collections.unmodifiableMap(new LinkedHashMap<>(replies));
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    }

    /**
     * What links a saga to the request that caused it.
     *
     * @param correlationId carried on every message of the saga
     * @param traceparent W3C trace context carried likewise, null when there was none
     */
    public record Origin(String correlationId, @Nullable String traceparent) {}

    /**
     * Where the step of this id stands.
     *
     * @throws NoSuchElementException when there is no such step
     */
    public StepInstance step(String stepId) {
        StepInstance step = steps.get(stepId);
        if (step == null) {
            throw new NoSuchElementException("saga " + id + " has no step " + stepId);
        }
        return step;
    }

    /** The first step, in the order of the definition, that is in flight or holds the saga; null when none does. */
    public @Nullable String currentStep() {
        return steps.values().stream()
                .filter(step -> step.status().isInFlight() || step.needsOperator())
                .map(StepInstance::id)
                .findFirst()
                .orElse(null);
    }

    /** What the definition's expressions see. */
    public SagaData data() {
        return new SagaData(id, definition, businessKey, input, replies);
    }

    /** Past the point of no return: the pivot was done, or left out. */
    public boolean isPivotPassed() {
        return steps.values().stream()
                .anyMatch(step -> step.kind() == StepKind.PIVOT
                        && (step.status() == StepStatus.SUCCEEDED
                                || (step.status() == StepStatus.SKIPPED && step.phase() != Phase.COMPENSATION)));
    }

    /** True when a step, be it done or undone, waits for an answer or a retry. */
    boolean isInFlight() {
        return steps.values().stream().anyMatch(step -> step.status().isInFlight());
    }

    /** True when at least one step needs an operator. */
    boolean needsOperator() {
        return steps.values().stream().anyMatch(StepInstance::needsOperator);
    }

    SagaInstance with(StepInstance changed) {
        Map<String, StepInstance> next = new LinkedHashMap<>(steps);
        next.put(changed.id(), changed);
        return copy(state, endedAt, failureStep, failureReason, replies, next);
    }

    SagaInstance withReply(String stepId, Map<String, Object> data) {
        Map<String, Map<String, Object>> next = new LinkedHashMap<>(replies);
        next.put(stepId, data);
        return copy(state, endedAt, failureStep, failureReason, next, steps);
    }

    SagaInstance withFailure(@Nullable String step, @Nullable String reason) {
        return copy(state, endedAt, step, reason, replies, steps);
    }

    SagaInstance in(SagaState next) {
        return copy(next, endedAt, failureStep, failureReason, replies, steps);
    }

    SagaInstance ended(SagaState next, Instant at) {
        return copy(next, at, failureStep, failureReason, replies, steps);
    }

    SagaInstance updated(Instant at) {
        return new SagaInstance(
                id,
                definition,
                definitionVersion,
                businessKey,
                state,
                startedAt,
                at,
                endedAt,
                deadlineAt,
                failureStep,
                failureReason,
                origin,
                input,
                replies,
                steps);
    }

    private SagaInstance copy(
            SagaState nextState,
            @Nullable Instant nextEndedAt,
            @Nullable String nextFailureStep,
            @Nullable String nextFailureReason,
            Map<String, Map<String, Object>> nextReplies,
            Map<String, StepInstance> nextSteps) {
        return new SagaInstance(
                id,
                definition,
                definitionVersion,
                businessKey,
                nextState,
                startedAt,
                updatedAt,
                nextEndedAt,
                deadlineAt,
                nextFailureStep,
                nextFailureReason,
                origin,
                input,
                nextReplies,
                nextSteps);
    }
}
