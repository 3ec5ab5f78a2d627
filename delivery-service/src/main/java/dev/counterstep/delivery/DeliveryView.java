package dev.counterstep.delivery;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A delivery as the API shows it.
 *
 * @param deliveryId the delivery
 * @param orderId the order it brings
 * @param sagaId the saga that asked for it
 * @param address where to; null for the address that the carrier has on file
 * @param status where it stands
 * @param trackingNumber the carrier's name for the parcel; null when nothing is known to be booked
 * @param reason why the carrier refused; null unless it did
 * @param createdAt when it was asked for
 * @param updatedAt when it last changed
 */
record DeliveryView(
        UUID deliveryId,
        String orderId,
        UUID sagaId,
        @Nullable String address,
        DeliveryStatus status,
        @Nullable String trackingNumber,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    static DeliveryView of(Delivery delivery) {
        DeliveryTerms terms = delivery.terms();
        return new DeliveryView(
                terms.id(),
                terms.orderId(),
                terms.step().sagaId(),
                terms.address(),
                delivery.status(),
                delivery.carrierReference(),
                delivery.reason(),
                terms.createdAt(),
                delivery.updatedAt());
    }
}
