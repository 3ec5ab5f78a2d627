package dev.counterstep.order;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.web.ProblemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Orders that are placed at the same time and share a transaction, while the one before it is held up. */
@RunningOrders
class PlaceOrderGroupIT {

    private static final RequestContext CONTEXT = RequestContext.of(null, null);

    private final String customer = "customer-" + UUID.randomUUID();
    private final List<Thread> threads = new ArrayList<>();

    @Autowired
    PlaceOrder placement;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    StatementCounter statements;

    private Connection holder;

    /** Another instance is about to use a key. */
    @BeforeEach
    void holdUpWhoeverUsesTheHeldKey() throws SQLException {
        holder = RunningOrders.Infrastructure.DATABASE.ownerDataSource().getConnection();
        holder.setAutoCommit(false);
        JdbcClient.create(new SingleConnectionDataSource(holder, true))
                .sql("INSERT INTO idempotency_key (key, request_hash, order_id) VALUES (:key, 'hash', :orderId)")
                .param("orderId", UUID.randomUUID())
                .param("key", customer)
                .update();
    }

    @AfterEach
    void letGo() throws SQLException {
        holder.close();
    }

    @Test
    void ordersThatWaitForTheSameCommitShareTheNext() throws Exception {
        var first = place(1, customer);
        var others = List.of(place(1, null), place(2, null), place(3, key("a")), place(4, key("b")));

        holder.rollback();

        assertThat(first.join().status()).isEqualTo(OrderStatus.PENDING);
        assertThat(others).extracting(CompletableFuture::join).doesNotHaveDuplicates();
        assertThat(jdbc.sql("SELECT count(*) FROM orders WHERE customer_id = :customer GROUP BY xmin ORDER BY 1")
                        .param("customer", customer)
                        .query(Long.class)
                        .list())
                .containsExactly(1L, 4L);
    }

    @Test
    void keyUsedTwiceInAGroupPlacesOneOrderAndRefusesAnother() throws Exception {
        var first = place(1, customer);
        var original = place(2, key("a"));
        var repeated = place(2, key("a"));
        var other = place(3, key("a"));
        var later = place(4, key("b"));

        holder.rollback();

        assertThat(repeated.join()).isEqualTo(original.join());
        assertThat(failureOf(other))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("This Idempotency-Key was used for another order");
        assertThat(List.of(first.join(), later.join())).hasSize(2);
        assertThat(quantities()).containsExactly(1, 2, 4);
    }

    @Test
    void orderThatTheDatabaseRefusesIsTheOnlyOneOfItsGroupThatFails() throws Exception {
        var first = place(1, customer);
        var before = place(2, null);
        var refused = place(0, key("a"));
        var after = place(3, key("b"));

        holder.rollback();

        assertThat(failureOf(refused)).isInstanceOf(DataIntegrityViolationException.class);
        assertThat(List.of(first.join(), before.join(), after.join())).hasSize(3);
        assertThat(quantities()).containsExactly(1, 2, 3);
        assertThat(place(3, key("a")).join().status()).isEqualTo(OrderStatus.PENDING);
    }

    @Test
    void orderAloneTakesAsFewRoundTripsAsCanBe() {
        long before = statements.count();
        placement.place(request(1), null, CONTEXT);

        assertThat(statements.count() - before).isEqualTo(2);
    }

    /** Places an order on a thread of its own, and returns when that thread waits for somebody. */
    private CompletableFuture<OrderView> place(int quantity, @Nullable String key) {
        var placed = new CompletableFuture<OrderView>();
        var thread = new Thread(() -> {
            try {
                placed.complete(placement.place(request(quantity), key, CONTEXT));
            } catch (RuntimeException e) {
                placed.completeExceptionally(e);
            }
        });
        thread.start();
        threads.add(thread);
        if (threads.size() == 1) {
            await().until(this::isHeldUp);
        } else {
            await().until(() -> thread.getState() == Thread.State.WAITING || placed.isDone());
        }
        return placed;
    }

    private boolean isHeldUp() {
        return jdbc.sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .query(Long.class)
                        .single()
                > 0;
    }

    private OrderRequest request(int quantity) {
        return new OrderRequest(
                customer, "product_1", quantity, new BigDecimal("10.00"), "EUR", "order-fulfilment", null, null);
    }

    private String key(String name) {
        return customer + "-" + name;
    }

    private static @Nullable Throwable failureOf(CompletableFuture<OrderView> placed) {
        return placed.handle((order, failure) -> failure).join();
    }

    private List<Integer> quantities() {
        return jdbc.sql("SELECT quantity FROM orders WHERE customer_id = :customer ORDER BY quantity")
                .param("customer", customer)
                .query(Integer.class)
                .list();
    }
}
