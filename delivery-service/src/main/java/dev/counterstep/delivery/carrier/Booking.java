package dev.counterstep.delivery.carrier;

import org.jspecify.annotations.Nullable;

/**
 * How the booking with one idempotency key stands.
 *
 * @param key the idempotency key
 * @param status how it stands
 * @param trackingNumber the carrier's name for the parcel; null unless the carrier ever accepted it
 */
public record Booking(String key, Status status, @Nullable String trackingNumber) {

    /** What a carrier can say of a booking. */
    public enum Status {
        /** Accepted, and not yet fetched: can be cancelled. */
        BOOKED,
        /** The carrier said no. Final. */
        REFUSED,
        /** Cancelled in time: nothing is brought, and nothing ever will be. Final. */
        CANCELLED,
        /** On its way: too late to cancel. */
        SHIPPED,
        /** Handed over. Final. */
        DELIVERED
    }
}
