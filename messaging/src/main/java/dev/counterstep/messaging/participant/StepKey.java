package dev.counterstep.messaging.participant;

import java.util.UUID;

import dev.counterstep.messaging.SagaHeaders;

/**
 * One step of one saga, of whatever phase and generation: what the barrier guards as a whole, and what a participant's rows are about.
 *
 * @param sagaId the saga
 * @param step the step's id within the definition
 */
public record StepKey(UUID sagaId, String step) {

    /** The step that a command is of. */
    public static StepKey of(SagaHeaders saga) {
        return new StepKey(saga.sagaId(), saga.step());
    }
}
