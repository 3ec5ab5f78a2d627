package dev.counterstep.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.Completion;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;

/**
 * Undoes the deliveries of saga steps, whatever became of them.
 *
 * <p>A booking may still be on its way to the carrier, from a process that we cannot stop and that may be dead; cancelling its key
 * keeps it from ever being accepted. A parcel that is on its way is not called back: that is for a person to decide.
 *
 * <p>A batch takes two statements for its intents and two for its answers, however many deliveries it has.
 */
@Service
class CancelService {

    private final DeliveryStore deliveries;
    private final Carrier carrier;
    private final Clock clock;
    private final Completion<Booking> completion = Completion.together(this::answered);

    CancelService(DeliveryStore deliveries, Carrier carrier, Clock clock) {
        this.deliveries = deliveries;
        this.carrier = carrier;
        this.clock = clock;
    }

    List<CommandResult> cancel(List<Command> commands) {
        Map<StepKey, Delivery> live = deliveries.lockLive(
                commands.stream().map(command -> StepKey.of(command.saga())).toList());
        Instant now = clock.instant();
        live.values().forEach(delivery -> delivery.cancellationBegins(now));
        deliveries.update(live.values());
        return commands.stream()
                .map(command -> cancel(live.get(StepKey.of(command.saga()))))
                .toList();
    }

    private CommandResult cancel(@Nullable Delivery delivery) {
        if (delivery == null) {
            return Outcome.succeeded();
        }
        String key = delivery.terms().idempotencyKey();
        return new ExternalCall<>(() -> carrier.cancel(key), completion);
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
        UUID id = delivery.terms().id();
        delivery.carrierSaid(booking, now);
        return switch (booking.status()) {
            case CANCELLED, REFUSED -> Outcome.succeeded(new DeliveryData(id, booking.trackingNumber()));
            case SHIPPED, DELIVERED -> Outcome.rejected("delivery is already on its way");
            case BOOKED -> throw new IllegalStateException("the carrier did not cancel delivery " + id);
        };
    }
}
