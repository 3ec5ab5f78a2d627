package dev.counterstep.delivery;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.Carrier;

/**
 * Asks the carrier again and again about the deliveries under way, at most {@value #PAGE} of them each time, round and round.
 *
 * <p>A delivery whose answer cannot be recorded ends the pass, and the next pass goes on with the one after it; when there is no answer,
 * with the one after those that were asked about. Several instances may do this at once: it costs calls and nothing else.
 */
@Component
class DeliveryTracking {

    private static final int PAGE = 100;
    private static final UUID START = new UUID(0, 0);

    private final DeliveryStore deliveries;
    private final Carrier carrier;
    private final TransactionOperations transactions;
    private final Clock clock;

    /** Used by one pass at a time. */
    private UUID after = START;

    DeliveryTracking(DeliveryStore deliveries, Carrier carrier, TransactionOperations transactions, Clock clock) {
        this.deliveries = deliveries;
        this.carrier = carrier;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(
            fixedDelayString = "${delivery.tracking-interval:10s}",
            initialDelayString = "${delivery.tracking-interval:10s}")
    void track() {
        List<Delivery> page = deliveries.underWay(after, PAGE);
        UUID end = page.size() < PAGE ? START : page.get(PAGE - 1).terms().id();
        after = end;
        Map<String, Booking> bookings = find(page);
        for (Delivery delivery : page) {
            after = delivery.terms().id();
            Booking booking = bookings.get(delivery.terms().idempotencyKey());
            if (booking != null && booking.status() != Booking.Status.BOOKED) {
                record(booking);
            }
        }
        after = end;
    }

    private Map<String, Booking> find(List<Delivery> page) {
        List<String> keys =
                page.stream().map(delivery -> delivery.terms().idempotencyKey()).toList();
        return keys.isEmpty()
                ? Map.of()
                : carrier.find(keys).stream().collect(Collectors.toMap(Booking::key, Function.identity()));
    }

    private void record(Booking booking) {
        transactions.executeWithoutResult(status -> {
            Collection<Delivery> locked =
                    deliveries.lock(List.of(booking.key())).values();
            locked.forEach(delivery -> delivery.carrierSaid(booking, clock.instant()));
            deliveries.update(locked);
        });
    }
}
