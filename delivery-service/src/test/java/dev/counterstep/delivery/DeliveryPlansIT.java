package dev.counterstep.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.messaging.PlannedConnection;
import dev.counterstep.messaging.participant.StepKey;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection whose statements were planned when little was stored stays as good as a new one. */
class DeliveryPlansIT {

    private static final int UNTIL_PLANS_ARE_KEPT = 12;
    private static final int STORED = 100_000;
    private static final int BATCH = 50;

    /** To lock each delivery by its key and by its step and to store it, twice, with some to spare. */
    private static final long MOST_READ = 20L * BATCH;

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final PlannedConnection connection = new PlannedConnection("deliveries");
    private final TransactionTemplate transaction = connection.transaction();
    private final DeliveryStore store = new DeliveryStore(connection.jdbc());

    @AfterEach
    void close() {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void batchReadsNoMoreThanItsRowsHoweverFewWereStoredBefore(int few) {
        connection.analyze(); // there is nothing in it
        connection.jdbc().execute(PlannedConnection.init("delivery-service"));
        fill(few);
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            lookForUnknown();
        }
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            bookAndBeginCancellation(1);
        }
        fill(STORED);
        long before = connection.rowsRead("delivery");

        bookAndBeginCancellation(BATCH);

        assertThat(connection.rowsRead("delivery") - before).isBetween((long) BATCH, MOST_READ);
    }

    /** What a message about something that is not stored leads to. */
    private void lookForUnknown() {
        transaction.executeWithoutResult(status -> store.lockLive(List.of(intent().step())));
    }

    private void bookAndBeginCancellation(int count) {
        List<DeliveryTerms> intents =
                Stream.generate(DeliveryPlansIT::intent).limit(count).toList();
        List<String> keys = intents.stream().map(DeliveryTerms::idempotencyKey).toList();
        List<StepKey> steps = intents.stream().map(DeliveryTerms::step).toList();
        transaction.executeWithoutResult(status -> store.insert(intents));
        transaction.executeWithoutResult(status -> booked(store.lock(keys).values()));
        transaction.executeWithoutResult(
                status -> beginCancellation(store.lockLive(steps).values()));
    }

    private void booked(Collection<Delivery> deliveries) {
        deliveries.forEach(delivery -> delivery.carrierSaid(
                new Booking(delivery.terms().idempotencyKey(), Booking.Status.BOOKED, "parcel"), NOON));
        store.update(deliveries);
    }

    private void beginCancellation(Collection<Delivery> deliveries) {
        deliveries.forEach(delivery -> delivery.cancellationBegins(NOON));
        store.update(deliveries);
    }

    private static DeliveryTerms intent() {
        UUID saga = UUID.randomUUID();
        return new DeliveryTerms(
                UUID.randomUUID(), "order", new StepKey(saga, "deliver"), saga + ":deliver:1", null, NOON);
    }

    private void fill(int count) {
        connection.jdbc().update("""
                INSERT INTO delivery (id, order_id, saga_id, step, idempotency_key, status, created_at, updated_at, version)
                SELECT gen_random_uuid(), 'order', gen_random_uuid(), 'deliver', gen_random_uuid() || ':deliver:1', 'PENDING', now(), now(),
                       0
                FROM generate_series(1, ?)
                """, count);
    }
}
