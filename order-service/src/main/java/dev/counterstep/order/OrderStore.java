package dev.counterstep.order;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.storage.RoundTrip;
import dev.counterstep.storage.TimeFloor;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements by which orders are written: one for each verb and table, however many orders there are. All run in the caller's
 * transaction. Each statement names its rows by an index in a condition on the table alone: plans are kept, and no plan reads more
 * than that. Rows are locked in the order of their ids, so that two batches never wait for each other in a circle.
 */
@Repository
class OrderStore {

    private static final String INSERT = """
            INSERT INTO orders (id, customer_id, product_id, quantity, amount, currency, flow, payment_method, address,
                                status, correlation_id, traceparent, created_at, updated_at, version)
            SELECT *
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::integer[], ?::numeric[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
            """;

    private static final String INSERT_HISTORY = """
            INSERT INTO order_history (order_id, seq, at, status, detail)
            SELECT *
            FROM unnest(?::uuid[], ?::integer[], ?::timestamptz[], ?::text[], ?::text[])
            """;

    private static final String FIND = "SELECT * FROM orders WHERE id = ANY (?::uuid[])";

    private static final String LOCK = FIND + " ORDER BY id FOR NO KEY UPDATE";

    private static final String UPDATE = """
            UPDATE orders
            SET status = changed.status, reason = changed.reason, saga_id = changed.saga_id,
                updated_at = changed.updated_at, ended_at = changed.ended_at, version = changed.version
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
                AS changed (id, status, reason, saga_id, updated_at, ended_at, version)
            WHERE orders.id = ANY (?::uuid[]) AND orders.id = changed.id AND orders.version = changed.version - 1
            """;

    // Not "saga_id IS NULL AND ended_at IS NULL": for that a planner could read a whole index, of all orders that wait.
    private static final String LEARN_SAGAS = """
            WITH unheard AS MATERIALIZED (
                SELECT id
                FROM orders
                WHERE id = ANY (?::uuid[]) AND num_nulls(saga_id, ended_at) = 2
                ORDER BY id
                FOR NO KEY UPDATE)
            UPDATE orders
            SET saga_id = heard.saga_id
            FROM unheard
            JOIN unnest(?::uuid[], ?::uuid[]) AS heard (id, saga_id) USING (id)
            WHERE orders.id = ANY (?::uuid[]) AND orders.id = unheard.id
            """;

    private static final String FIRST_UNHEARD = """
            SELECT now() AS at, (
                SELECT announced_at FROM orders
                WHERE ended_at IS NULL AND saga_id IS NULL AND announced_at >= ?::timestamptz
                ORDER BY announced_at
                LIMIT 1) AS announced_at
            """;

    private static final String ANNOUNCE_UNHEARD = """
            UPDATE orders
            SET announced_at = now()
            WHERE id = ANY (ARRAY(
                SELECT id
                FROM orders
                WHERE ended_at IS NULL AND saga_id IS NULL
                    AND announced_at >= ?::timestamptz
                    AND announced_at <= now() - make_interval(secs => ?)
                    AND announced_at <= now() - (announced_at - created_at)
                ORDER BY announced_at
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            RETURNING *
            """;

    private static final String ENDED = "SELECT id FROM orders WHERE id = ANY (?::uuid[]) AND ended_at IS NOT NULL";

    /** Between two looks for unheard orders that start at the beginning. */
    private static final Duration FULL_LOOK_INTERVAL = Duration.ofMinutes(1);

    private final JdbcTemplate jdbc;
    private final TimeFloor unheard = new TimeFloor(FULL_LOOK_INTERVAL);

    OrderStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Stores new orders. */
    void insert(List<Order> orders) {
        if (orders.isEmpty()) {
            return;
        }
        RoundTrip trip = new RoundTrip();
        trip.update(
                INSERT,
                inserted -> {},
                texts(orders, Order::id),
                texts(orders, order -> order.request().customerId()),
                texts(orders, order -> order.request().productId()),
                texts(orders, order -> order.request().quantity()),
                texts(orders, order -> order.request().amount()),
                texts(orders, order -> order.request().currency()),
                texts(orders, order -> order.request().flow()),
                texts(orders, order -> order.request().paymentMethod()),
                texts(orders, order -> order.request().address()),
                texts(orders, Order::status),
                texts(orders, Order::correlationId),
                texts(orders, Order::traceparent),
                texts(orders, Order::createdAt),
                texts(orders, Order::updatedAt),
                texts(orders, order -> order.state().version()));
        insertNews(orders, trip);
        trip.run(jdbc);
    }

    /** Those of these orders that there are, as last committed, each under its id. */
    Map<UUID, Order> find(Collection<UUID> ids) {
        return byId(FIND, ids);
    }

    /** An order, its row locked until the transaction ends. */
    Optional<Order> lock(UUID id) {
        return Optional.ofNullable(lock(List.of(id)).get(id));
    }

    /** Those of these orders that there are, each under its id, their rows locked until the transaction ends. */
    Map<UUID, Order> lock(Collection<UUID> ids) {
        return byId(LOCK, ids);
    }

    /**
     * Stores orders that were locked and have changed since, once each.
     *
     * @throws OptimisticLockingFailureException when one has another version; nothing may be committed then
     */
    void update(List<Order> orders) {
        RoundTrip trip = new RoundTrip();
        update(orders, trip);
        trip.run(jdbc);
    }

    /** The same, by whoever runs it. */
    void update(List<Order> orders, RoundTrip trip) {
        if (orders.isEmpty()) {
            return;
        }
        var ids = texts(orders, Order::id);
        trip.update(
                UPDATE,
                stored -> requireAll(stored, orders.size()),
                ids,
                texts(orders, Order::status),
                texts(orders, Order::reason),
                texts(orders, Order::sagaId),
                texts(orders, Order::updatedAt),
                texts(orders, Order::endedAt),
                texts(orders, order -> order.state().version()),
                ids);
        insertNews(orders, trip);
    }

    private static void requireAll(int stored, int all) {
        if (stored != all) {
            throw new OptimisticLockingFailureException("an order was changed without its lock");
        }
    }

    /** Remembers which sagas run pending orders; the first one of each counts. */
    void learnSagas(Map<UUID, UUID> sagaByOrder) {
        if (!sagaByOrder.isEmpty()) {
            var orders = List.copyOf(sagaByOrder.keySet());
            var ids = texts(orders, id -> id);
            jdbc.update(LEARN_SAGAS, ids, ids, texts(orders, sagaByOrder::get), ids);
        }
    }

    /**
     * Marks as announced, and returns, pending orders whose saga has not been heard of for {@code patience} seconds since they
     * were last announced, nor for as long as they had waited then. Passes over those that another instance holds, and begins at the
     * first that the last look found: an order that was committed more than a second late may be found a minute late.
     */
    List<Order> announceUnheard(double patience, int most) {
        TimeFloor.Look look = unheard.look();
        Optional<Instant> first = Objects.requireNonNull(jdbc.queryForObject(
                FIRST_UNHEARD,
                (row, number) -> {
                    Instant announced = OrderRows.instant(row, "announced_at");
                    unheard.found(look, OrderRows.time(row, "at"), announced);
                    return Optional.ofNullable(announced);
                },
                look.from()));
        return first.isEmpty()
                ? List.of()
                : jdbc.query(
                        ANNOUNCE_UNHEARD,
                        (row, number) -> OrderRows.order(row),
                        first.get().toString(),
                        patience,
                        most);
    }

    /** Those of these orders that have ended. */
    List<UUID> endedAmong(Collection<UUID> ids) {
        return jdbc.queryForList(ENDED, UUID.class, (Object) texts(ids, id -> id));
    }

    private static void insertNews(List<Order> orders, RoundTrip trip) {
        record News(UUID orderId, OrderHistoryEntry entry) {}
        var news = orders.stream()
                .flatMap(order -> order.news().stream().map(entry -> new News(order.id(), entry)))
                .toList();
        trip.update(
                INSERT_HISTORY,
                inserted -> {},
                texts(news, News::orderId),
                texts(news, each -> each.entry().seq()),
                texts(news, each -> each.entry().at()),
                texts(news, each -> each.entry().status()),
                texts(news, each -> each.entry().detail()));
    }

    private Map<UUID, Order> byId(String sql, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Map.of()
                : jdbc.query(sql, (row, number) -> OrderRows.order(row), (Object) texts(ids, id -> id)).stream()
                        .collect(Collectors.toMap(Order::id, Function.identity()));
    }
}
