package dev.counterstep.order;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.PlannedConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** While somebody's transaction holds vacuum back, a look for orders to announce again does not get longer with every order that ends. */
class UnheardOrdersIT {

    private static final double PATIENCE_SECONDS = 60;
    private static final int GONE = 2_000;
    private static final int LOOKS = 20;
    private static final int MOST = 10;
    private static final UUID SAGA = UUID.randomUUID();

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final PlannedConnection connection = new PlannedConnection("orders");
    private final OrderStore store = new OrderStore(connection.jdbc());
    private Connection reader;

    @BeforeEach
    void openTransaction() throws SQLException {
        reader = connection.another();
        reader.setAutoCommit(false);
        reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        reader.createStatement().executeQuery("SELECT count(*) FROM orders");
    }

    @AfterEach
    void close() throws SQLException {
        reader.close();
        connection.close();
    }

    @Test
    void ordersThatHaveEndedAreNotLookedAtEachTime() {
        Order waiting = placedAndEnded(GONE).get(0);

        await().untilAsserted(() -> {
            long before = connection.rowsRead("orders");
            for (int i = 0; i < LOOKS; i++) {
                assertThat(announced()).isEmpty();
            }
            assertThat(connection.rowsRead("orders") - before)
                    .as("what twenty looks walk over, one from the beginning included")
                    .isLessThan(2 * GONE);
        });

        connection.jdbc().update("""
                UPDATE orders SET announced_at = now() - interval '90 s' WHERE id = ?
                """, waiting.id());
        assertThat(new OrderStore(connection.jdbc()).announceUnheard(PATIENCE_SECONDS, MOST))
                .as("the only one that has not ended")
                .extracting(Order::id)
                .containsExactly(waiting.id());
    }

    private List<Order> announced() {
        return Objects.requireNonNull(
                connection.transaction().execute(status -> store.announceUnheard(PATIENCE_SECONDS, MOST)));
    }

    /** One more than that, the last of which is still pending and returned. */
    private List<Order> placedAndEnded(int count) {
        List<Order> ended = orders(count);
        List<Order> pending = orders(1);
        connection.transaction().executeWithoutResult(status -> store.insert(ended));
        connection.transaction().executeWithoutResult(status -> store.insert(pending));
        connection.transaction().executeWithoutResult(status -> {
            List<Order> locked = List.copyOf(
                    store.lock(ended.stream().map(Order::id).toList()).values());
            locked.forEach(order -> order.complete(SAGA, now));
            store.update(locked);
        });
        return pending;
    }

    private List<Order> orders(int count) {
        return Stream.generate(() -> new Order(
                        UUID.randomUUID(),
                        new OrderRequest(
                                "user_1",
                                "product_1",
                                1,
                                new BigDecimal("19.90"),
                                "EUR",
                                "order-fulfilment",
                                null,
                                null),
                        new RequestContext(null, TraceParent.from(null)),
                        now))
                .limit(count)
                .toList();
    }
}
