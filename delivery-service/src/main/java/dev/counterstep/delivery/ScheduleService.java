package dev.counterstep.delivery;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import org.springframework.stereotype.Service;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;

/**
 * Books a saga step's delivery: the intent, then the carrier, then its answer.
 *
 * <p>Where we may die, and what the repeated command then finds: before the intent is committed, nothing, and it starts afresh;
 * afterwards the intent, and it asks the carrier what became of the booking before it books, under the same key.
 */
@Service
class ScheduleService {

    private final DeliveryRepository deliveries;
    private final Carrier carrier;
    private final Clock clock;

    ScheduleService(DeliveryRepository deliveries, Carrier carrier, Clock clock) {
        this.deliveries = deliveries;
        this.carrier = carrier;
        this.clock = clock;
    }

    CommandResult schedule(SagaHeaders saga, DeliveryRequest request) {
        Optional<Delivery> earlier = deliveries.lockLive(saga.sagaId(), saga.step());
        Delivery delivery = earlier.orElseGet(() -> deliveries.save(request.intent(saga, clock.instant())));
        UUID id = delivery.id();
        BookingRequest booking = delivery.bookingRequest();
        return new ExternalCall<>(
                () -> earlier.isPresent() ? findOrBook(booking) : carrier.book(booking),
                answer -> answered(id, answer));
    }

    private Booking findOrBook(BookingRequest request) {
        return carrier.find(request.key()).orElseGet(() -> carrier.book(request));
    }

    private Outcome answered(UUID id, Booking booking) {
        Delivery delivery = deliveries.lock(id);
        delivery.carrierSaid(booking, clock.instant());
        return switch (booking.status()) {
            case BOOKED, SHIPPED, DELIVERED -> Outcome.succeeded(new DeliveryData(id, booking.trackingNumber()));
            case REFUSED -> Outcome.rejected(Objects.requireNonNull(delivery.reason()));
            case CANCELLED -> Outcome.rejected("delivery was cancelled before it was booked");
        };
    }
}
