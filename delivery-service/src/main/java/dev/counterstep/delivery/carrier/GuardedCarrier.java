package dev.counterstep.delivery.carrier;

import java.util.List;

import dev.counterstep.messaging.external.ExternalSystem;

/**
 * Puts circuit breakers in front of a carrier: one for bookings, one for queries and cancellations, so that failing bookings do not
 * stop the compensations that they lead to.
 */
final class GuardedCarrier implements Carrier {

    private static final String BOOKING = "booking";
    private static final String SETTLEMENT = "settlement";

    private final Carrier carrier;
    private final ExternalSystem system;

    GuardedCarrier(Carrier carrier, ExternalSystem system) {
        this.carrier = carrier;
        this.system = system;
    }

    @Override
    public List<Booking> find(List<String> keys) {
        return system.call(SETTLEMENT, () -> carrier.find(keys));
    }

    @Override
    public Booking book(BookingRequest request) {
        return system.call(BOOKING, () -> carrier.book(request));
    }

    @Override
    public Booking cancel(String key) {
        return system.call(SETTLEMENT, () -> carrier.cancel(key));
    }
}
