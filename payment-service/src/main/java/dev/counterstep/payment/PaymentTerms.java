package dev.counterstep.payment;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.Money;

/**
 * What a saga's step wants paid: the intent. It never changes.
 *
 * @param id the payment, UUID v7
 * @param orderId the order that is paid
 * @param step the step that pays it
 * @param idempotencyKey under which the gateway charges it once
 * @param money how much
 * @param paymentMethod how the customer pays; null for the gateway's default
 * @param createdAt when it was asked for
 */
record PaymentTerms(
        UUID id,
        String orderId,
        StepKey step,
        String idempotencyKey,
        Money money,
        @Nullable String paymentMethod,
        Instant createdAt) {

    /** The intent to charge, under the saga step's own idempotency key. */
    static PaymentTerms of(
            UUID id, SagaHeaders saga, String orderId, Money money, @Nullable String paymentMethod, Instant now) {
        return new PaymentTerms(id, orderId, StepKey.of(saga), saga.idempotencyKey(), money, paymentMethod, now);
    }

    /** What the gateway is asked: always what the intent says, also when a repeated command says something else. */
    ChargeRequest chargeRequest() {
        return new ChargeRequest(idempotencyKey, money, paymentMethod);
    }
}
