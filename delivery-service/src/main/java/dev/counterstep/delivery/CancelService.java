package dev.counterstep.delivery;

import java.time.Clock;
import java.util.UUID;

import org.springframework.stereotype.Service;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;

/**
 * Undoes a saga step's delivery, whatever became of it.
 *
 * <p>The booking may still be on its way to the carrier, from a process that we cannot stop and that may be dead; cancelling its key
 * keeps it from ever being accepted. A parcel that is on its way is not called back: that is for a person to decide.
 */
@Service
class CancelService {

    private final DeliveryRepository deliveries;
    private final Carrier carrier;
    private final Clock clock;

    CancelService(DeliveryRepository deliveries, Carrier carrier, Clock clock) {
        this.deliveries = deliveries;
        this.carrier = carrier;
        this.clock = clock;
    }

    CommandResult cancel(SagaHeaders saga) {
        return deliveries.lockLive(saga.sagaId(), saga.step()).map(this::cancel).orElseGet(Outcome::succeeded);
    }

    private CommandResult cancel(Delivery delivery) {
        delivery.cancellationBegins(clock.instant());
        UUID id = delivery.id();
        String key = delivery.bookingRequest().key();
        return new ExternalCall<>(() -> carrier.cancel(key), booking -> answered(id, booking));
    }

    private Outcome answered(UUID id, Booking booking) {
        deliveries.lock(id).carrierSaid(booking, clock.instant());
        return switch (booking.status()) {
            case CANCELLED, REFUSED -> Outcome.succeeded(new DeliveryData(id, booking.trackingNumber()));
            case SHIPPED, DELIVERED -> Outcome.rejected("delivery is already on its way");
            case BOOKED -> throw new IllegalStateException("the carrier did not cancel delivery " + id);
        };
    }
}
