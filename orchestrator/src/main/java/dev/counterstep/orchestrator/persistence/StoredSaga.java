package dev.counterstep.orchestrator.persistence;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepInstance;

/**
 * A row of table {@code saga}.
 *
 * @param instance the saga
 * @param version grows with every update
 * @param nextActionAt when its timer fires; null unless its state is active
 */
public record StoredSaga(
        SagaInstance instance, long version, @Nullable Instant nextActionAt) {

    /** The same with its steps in the order of the definition: {@code jsonb} keeps none. */
    public StoredSaga inOrderOf(SagaDefinition definition) {
        Map<String, StepInstance> steps = new LinkedHashMap<>();
        for (SagaStep step : definition.steps()) {
            StepInstance instanceOf = instance.steps().get(step.id());
            if (instanceOf != null) {
                steps.put(step.id(), instanceOf);
            }
        }
        instance.steps().forEach(steps::putIfAbsent);
        SagaInstance s = instance;
        return new StoredSaga(
                new SagaInstance(
                        s.id(),
                        s.definition(),
                        s.definitionVersion(),
                        s.businessKey(),
                        s.state(),
                        s.startedAt(),
                        s.updatedAt(),
                        s.endedAt(),
                        s.deadlineAt(),
                        s.failureStep(),
                        s.failureReason(),
                        s.origin(),
                        s.input(),
                        s.replies(),
                        steps),
                version,
                nextActionAt);
    }
}
