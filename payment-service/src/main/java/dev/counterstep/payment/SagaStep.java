package dev.counterstep.payment;

import java.util.UUID;

import dev.counterstep.messaging.SagaHeaders;

/**
 * A step of a saga, of whatever generation.
 *
 * @param sagaId the saga
 * @param step the step's id within the definition
 */
record SagaStep(UUID sagaId, String step) {

    static SagaStep of(SagaHeaders saga) {
        return new SagaStep(saga.sagaId(), saga.step());
    }
}
