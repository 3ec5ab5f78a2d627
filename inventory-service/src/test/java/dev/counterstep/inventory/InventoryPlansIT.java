package dev.counterstep.inventory;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.PlannedConnection;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.storage.RoundTrip;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection whose statements were planned when little was stored stays as good as a new one. */
class InventoryPlansIT {

    private static final int UNTIL_PLANS_ARE_KEPT = 12;
    private static final int STORED = 100_000;
    private static final int BATCH = 50;

    /** Of each table: to lock, read and store each row, twice, with some to spare. */
    private static final long MOST_READ = 20L * BATCH;

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final PlannedConnection connection = new PlannedConnection("inventory");
    private final TransactionTemplate transaction = connection.transaction();
    private final ProductStore products = new ProductStore(connection.jdbc());
    private final ReservationStore reservations = new ReservationStore(connection.jdbc());

    @AfterEach
    void close() {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void batchReadsNoMoreThanItsRowsHoweverFewWereStoredBefore(int few) {
        connection.analyze(); // there is nothing in it
        connection.jdbc().execute(PlannedConnection.init("inventory-service"));
        fill(1, few);
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            lookForUnknown();
        }
        products.restock("product_0", BATCH);
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            reserveAndRelease(1);
        }
        fill(few + 1, STORED);
        long productsBefore = connection.rowsRead("product");
        long reservationsBefore = connection.rowsRead("reservation");

        reserveAndRelease(BATCH);

        assertThat(connection.rowsRead("product") - productsBefore).isBetween((long) BATCH, MOST_READ);
        assertThat(connection.rowsRead("reservation") - reservationsBefore).isBetween((long) BATCH, MOST_READ);
    }

    /** What a message about something that is not stored leads to. */
    private void lookForUnknown() {
        Reservation unknown = reservation(0);
        transaction.executeWithoutResult(status -> {
            products.lock(List.of(unknown.productId()));
            products.lockReserved(List.of(unknown.step()));
            reservations.findAll(List.of(unknown.step()));
        });
    }

    /** Each of another product. */
    private void reserveAndRelease(int count) {
        List<Reservation> wanted = IntStream.range(0, count)
                .mapToObj(InventoryPlansIT::reservation)
                .toList();
        List<StepKey> steps = wanted.stream().map(Reservation::step).toList();
        transaction.executeWithoutResult(status -> reserve(wanted));
        transaction.executeWithoutResult(status -> release(products.lockReserved(steps), reservations.findAll(steps)));
    }

    private void reserve(List<Reservation> wanted) {
        Collection<Product> locked = products.lock(
                        wanted.stream().map(Reservation::productId).toList())
                .values();
        locked.forEach(product -> product.reserve(1));
        RoundTrip trip = new RoundTrip();
        products.update(locked, trip);
        reservations.insert(wanted, trip);
        trip.run(connection.jdbc());
    }

    private void release(Map<String, Product> locked, List<Reservation> reserved) {
        locked.values().forEach(product -> product.release(1));
        RoundTrip trip = new RoundTrip();
        products.update(locked.values(), trip);
        reserved.forEach(reservation -> reservation.release(NOON));
        reservations.release(reserved, trip);
        trip.run(connection.jdbc());
    }

    private static Reservation reservation(int product) {
        return new Reservation(
                UUID.randomUUID(),
                new StepKey(UUID.randomUUID(), "reserve"),
                new StockRequest("order", "product_" + product, 1),
                NOON);
    }

    private void fill(int first, int last) {
        connection.jdbc().update("""
                INSERT INTO product (id, available)
                SELECT 'product_' || number, 1
                FROM generate_series(?, ?) AS number
                """, first, last);
        connection.jdbc().update("""
                INSERT INTO reservation (id, order_id, saga_id, step, product_id, quantity, status, created_at)
                SELECT gen_random_uuid(), 'order', gen_random_uuid(), 'reserve', 'product_' || number, 1, 'RESERVED', now()
                FROM generate_series(?, ?) AS number
                """, first, last);
    }
}
