package dev.counterstep.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.PlannedConnection;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection whose statements were planned when little was stored stays as good as a new one. */
class OrderPlansIT {

    private static final int UNTIL_PLANS_ARE_KEPT = 12;
    private static final int STORED = 100_000;
    private static final int BATCH = 50;

    /** To learn each order's saga, to lock and to end it, with some to spare. */
    private static final long MOST_ROWS = 20L * BATCH;

    /** An index is a few pages deep; an insert goes down each of them. */
    private static final long MOST_PAGES = 100L * BATCH;

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final UUID SAGA = UUID.randomUUID();

    private final PlannedConnection connection = new PlannedConnection("orders");
    private final TransactionTemplate transaction = connection.transaction();
    private final OrderStore store = new OrderStore(connection.jdbc());

    @AfterEach
    void close() {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void batchReadsNoMoreThanItsRowsHoweverFewWereStoredBefore(int few) {
        connection.analyze(); // there is nothing in it
        connection.jdbc().execute(PlannedConnection.init("order-service"));
        fill(few);
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            lookForUnknown();
        }
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            placeAndComplete(1);
        }
        fill(STORED);
        long rowsBefore = connection.rowsRead("orders");
        long pagesBefore = connection.indexPagesRead("orders");

        placeAndComplete(BATCH);

        assertThat(connection.rowsRead("orders") - rowsBefore).isBetween((long) BATCH, MOST_ROWS);
        assertThat(connection.indexPagesRead("orders") - pagesBefore).isBetween((long) BATCH, MOST_PAGES);
    }

    /** What a message about something that is not stored leads to. */
    private void lookForUnknown() {
        transaction.executeWithoutResult(status -> store.learnSagas(Map.of(SAGA, SAGA)));
    }

    private void placeAndComplete(int count) {
        List<Order> placed = Stream.generate(OrderPlansIT::order).limit(count).toList();
        List<UUID> ids = placed.stream().map(Order::id).toList();
        transaction.executeWithoutResult(status -> store.insert(placed));
        transaction.executeWithoutResult(
                status -> store.learnSagas(ids.stream().collect(Collectors.toMap(Function.identity(), id -> SAGA))));
        transaction.executeWithoutResult(status -> complete(store.lock(ids).values()));
    }

    private void complete(Collection<Order> orders) {
        orders.forEach(order -> order.complete(SAGA, NOON));
        store.update(List.copyOf(orders));
    }

    private static Order order() {
        return new Order(
                UUID.randomUUID(),
                new OrderRequest(
                        "user_1", "product_1", 1, new BigDecimal("19.90"), "EUR", "order-fulfilment", null, null),
                new RequestContext(null, TraceParent.from(null)),
                NOON);
    }

    /** All are pending, and no saga has been heard of: as when the orchestrator is away. */
    private void fill(int count) {
        connection.jdbc().update("""
                INSERT INTO orders (id, customer_id, product_id, quantity, amount, currency, flow, status, correlation_id,
                                    created_at, updated_at, version)
                SELECT gen_random_uuid(), gen_random_uuid(), 'product_1', 1, 19.90, 'EUR', 'order-fulfilment', 'PENDING', 'none',
                       now(), now(), 0
                FROM generate_series(1, ?)
                """, count);
    }
}
