package dev.counterstep.delivery;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.delivery.carrier.CarrierUnreachableException;
import dev.counterstep.messaging.PlannedConnection;
import dev.counterstep.messaging.participant.StepKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What one delivery, or one page of them, meets with does not keep the others from being tracked. */
class DeliveryTrackingIT {

    private static final int PAGE = 100;
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final PlannedConnection connection = new PlannedConnection("deliveries");
    private final DeliveryStore store = new DeliveryStore(connection.jdbc());
    private final ForgetfulCarrier carrier = new ForgetfulCarrier();
    private final DeliveryTracking tracking =
            new DeliveryTracking(store, carrier, connection.transaction(), Clock.systemUTC());
    private final List<DeliveryTerms> booked = IntStream.rangeClosed(1, PAGE + 1)
            .mapToObj(DeliveryTrackingIT::terms)
            .toList();

    @BeforeEach
    void book() {
        connection.transaction().executeWithoutResult(status -> {
            store.insert(booked);
            var deliveries = store.lock(
                            booked.stream().map(DeliveryTerms::idempotencyKey).toList())
                    .values();
            deliveries.forEach(delivery -> delivery.carrierSaid(
                    new Booking(delivery.terms().idempotencyKey(), Booking.Status.BOOKED, "parcel"), NOON));
            store.update(deliveries);
        });
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void pageThatGetsNoAnswerIsAskedAboutAgainAfterTheOthers() {
        carrier.answers = false;
        assertThatExceptionOfType(CarrierUnreachableException.class).isThrownBy(tracking::track);
        carrier.answers = true;

        tracking.track();
        assertThat(delivered()).isEqualTo(1);
        tracking.track();
        assertThat(delivered()).isEqualTo(PAGE + 1);
    }

    @Test
    void deliveryWhoseAnswerContradictsWhatIsKnownKeepsNoOtherFromBeingTracked() {
        carrier.refused.add(booked.get(1).idempotencyKey());

        assertThatIllegalStateException().isThrownBy(tracking::track);
        assertThat(delivered()).isEqualTo(1);
        tracking.track();
        assertThat(delivered()).isEqualTo(PAGE);
    }

    private int delivered() {
        return store.newest(null, new UUID(-1, -1), 2 * PAGE).stream()
                .mapToInt(delivery -> delivery.status() == DeliveryStatus.DELIVERED ? 1 : 0)
                .sum();
    }

    private static DeliveryTerms terms(int number) {
        UUID saga = UUID.randomUUID();
        return new DeliveryTerms(
                new UUID(0, number), "order", new StepKey(saga, "deliver"), saga + ":deliver:1", null, NOON);
    }

    /** Has delivered everything, but those that it says it refused. */
    private static final class ForgetfulCarrier implements Carrier {

        private final Set<String> refused = new HashSet<>();
        private boolean answers = true;

        @Override
        public List<Booking> find(List<String> keys) {
            if (!answers) {
                throw new CarrierUnreachableException("find");
            }
            return keys.stream()
                    .map(key -> new Booking(
                            key, refused.contains(key) ? Booking.Status.REFUSED : Booking.Status.DELIVERED, "parcel"))
                    .toList();
        }

        @Override
        public Booking book(BookingRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Booking cancel(String key) {
            throw new UnsupportedOperationException();
        }
    }
}
