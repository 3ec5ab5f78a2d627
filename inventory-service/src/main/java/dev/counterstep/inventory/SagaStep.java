package dev.counterstep.inventory;

import java.util.Collection;
import java.util.UUID;

import dev.counterstep.messaging.SagaHeaders;

/**
 * A step of a saga: it has at most one reservation.
 *
 * @param sagaId the saga
 * @param step the step's id within the definition
 */
record SagaStep(UUID sagaId, String step) {

    /** The step that a command is of. */
    static SagaStep of(SagaHeaders saga) {
        return new SagaStep(saga.sagaId(), saga.step());
    }

    /** The saga ids as PostgreSQL casts them to {@code uuid[]}. */
    static String[] sagaIds(Collection<SagaStep> steps) {
        return steps.stream().map(step -> step.sagaId().toString()).toArray(String[]::new);
    }

    /** The step ids, in the same order. */
    static String[] steps(Collection<SagaStep> steps) {
        return steps.stream().map(SagaStep::step).toArray(String[]::new);
    }
}
