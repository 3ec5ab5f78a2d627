package dev.counterstep.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.springframework.stereotype.Service;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.Completion;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.storage.TimeOrderedIds;

/**
 * Books the deliveries of saga steps: the intents, then the carrier, then its answers.
 *
 * <p>Where we may die, and what the repeated command then finds: before the intent is committed, nothing, and it starts afresh;
 * afterwards the intent, and it asks the carrier what became of the booking before it books, under the same key.
 *
 * <p>A batch takes one statement for its intents and two for its answers, however many deliveries it has, and one more for the intents
 * that were there before.
 */
@Service
class ScheduleService {

    private final DeliveryStore deliveries;
    private final TimeOrderedIds ids;
    private final Carrier carrier;
    private final Clock clock;
    private final Completion<Booking> completion = Completion.together(this::answered);

    ScheduleService(DeliveryStore deliveries, TimeOrderedIds ids, Carrier carrier, Clock clock) {
        this.deliveries = deliveries;
        this.ids = ids;
        this.carrier = carrier;
        this.clock = clock;
    }

    List<ExternalCall<Booking>> schedule(List<CommandWith<DeliveryRequest>> commands) {
        Instant now = clock.instant();
        List<DeliveryTerms> intents = commands.stream()
                .map(each -> each.body().intent(ids.next(), each.command().saga(), now))
                .toList();
        Set<StepKey> stored = deliveries.insert(intents);
        Map<StepKey, Delivery> earlier = deliveries.lockLive(intents.stream()
                .map(DeliveryTerms::step)
                .filter(step -> !stored.contains(step))
                .toList());
        return intents.stream()
                .map(intent -> stored.contains(intent.step())
                        ? call(intent, carrier::book)
                        : call(
                                Objects.requireNonNull(earlier.get(intent.step()))
                                        .terms(),
                                this::findOrBook))
                .toList();
    }

    private ExternalCall<Booking> call(DeliveryTerms terms, Function<BookingRequest, Booking> move) {
        BookingRequest request = terms.bookingRequest();
        return new ExternalCall<>(() -> move.apply(request), completion);
    }

    private Booking findOrBook(BookingRequest request) {
        return carrier.find(List.of(request.key())).stream().findFirst().orElseGet(() -> carrier.book(request));
    }

    private List<Outcome> answered(List<Booking> bookings) {
        Map<String, Delivery> asked =
                deliveries.lock(bookings.stream().map(Booking::key).toList());
        Instant now = clock.instant();
        List<Outcome> outcomes = bookings.stream()
                .map(booking -> answered(Objects.requireNonNull(asked.get(booking.key())), booking, now))
                .toList();
        deliveries.update(asked.values());
        return outcomes;
    }

    private static Outcome answered(Delivery delivery, Booking booking, Instant now) {
        delivery.carrierSaid(booking, now);
        return switch (booking.status()) {
            case BOOKED, SHIPPED, DELIVERED ->
                Outcome.succeeded(new DeliveryData(delivery.terms().id(), booking.trackingNumber()));
            case REFUSED -> Outcome.rejected(Objects.requireNonNull(delivery.reason()));
            case CANCELLED -> Outcome.rejected("delivery was cancelled before it was booked");
        };
    }
}
