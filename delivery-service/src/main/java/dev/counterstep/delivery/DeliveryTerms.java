package dev.counterstep.delivery;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.StepKey;

/**
 * What a saga's step wants delivered: the intent. It never changes.
 *
 * @param id the delivery, UUID v7
 * @param orderId the order that is delivered
 * @param step the step that delivers it
 * @param idempotencyKey under which the carrier books it once
 * @param address where to; null for the address that the carrier has on file
 * @param createdAt when it was asked for
 */
record DeliveryTerms(
        UUID id,
        String orderId,
        StepKey step,
        String idempotencyKey,
        @Nullable String address,
        Instant createdAt) {

    /** The intent to book, under the saga step's own idempotency key. */
    static DeliveryTerms of(UUID id, SagaHeaders saga, String orderId, @Nullable String address, Instant now) {
        return new DeliveryTerms(id, orderId, StepKey.of(saga), saga.idempotencyKey(), address, now);
    }

    /** What the carrier is asked: always what the intent says, also when a repeated command says something else. */
    BookingRequest bookingRequest() {
        return new BookingRequest(idempotencyKey, address);
    }
}
