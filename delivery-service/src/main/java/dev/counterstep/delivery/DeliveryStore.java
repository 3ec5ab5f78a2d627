package dev.counterstep.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.participant.StepKey;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements on table {@code delivery}. Those that lock or change take a whole batch, in the caller's transaction. Rows are
 * locked in the order of their ids, so that two batches never wait for each other in a circle. Each statement names its rows by an
 * index in a condition on the table alone: plans are kept, and no plan reads more than that. Where that is another index than the
 * primary key, rows are sorted by {@code id::text}, the same order, but not one for which the whole primary key could be read.
 */
@Repository
class DeliveryStore {

    private static final String SELECT = """
            SELECT id, order_id, saga_id, step, idempotency_key, address, status, carrier_reference, reason, created_at,
                   updated_at, version
            FROM delivery
            """;

    // Of a step's deliveries, of whatever generation, at most one is live: an index sees to it.
    private static final String LOCK_LIVE = SELECT + """
            WHERE saga_id = ANY (?::uuid[])
              AND (saga_id, step) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))
              AND live
            ORDER BY id::text COLLATE "C"
            FOR UPDATE
            """;

    private static final String LOCK = SELECT + """
            WHERE idempotency_key = ANY (?::text[])
            ORDER BY id::text COLLATE "C"
            FOR UPDATE
            """;

    private static final String INSERT = """
            INSERT INTO delivery (id, order_id, saga_id, step, idempotency_key, address, status, created_at, updated_at,
                                  version)
            SELECT n.id, n.order_id, n.saga_id, n.step, n.idempotency_key, n.address, 'PENDING', n.created_at, n.created_at,
                   0
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                AS n (id, order_id, saga_id, step, idempotency_key, address, created_at)
            ON CONFLICT (saga_id, step) WHERE live DO NOTHING
            RETURNING saga_id, step
            """;

    private static final String UPDATE = """
            UPDATE delivery AS d
            SET version = d.version + 1, status = n.status, carrier_reference = n.carrier_reference, reason = n.reason,
                updated_at = n.updated_at
            FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                AS n (id, version, status, carrier_reference, reason, updated_at)
            WHERE d.id = ANY (?::uuid[]) AND d.id = n.id AND d.version = n.version
            """;

    private static final String FIND = SELECT + "WHERE id = ?";

    private static final String NEWEST = SELECT + "WHERE id < ? ORDER BY id DESC LIMIT ?";

    // OFFSET 0: an order's rows are sought by the order, and sorted then.
    private static final String NEWEST_OF_ORDER = "SELECT * FROM (" + SELECT
            + "WHERE order_id = ? OFFSET 0) AS of_order WHERE id < ? ORDER BY id DESC LIMIT ?";

    private static final String UNDER_WAY =
            SELECT + "WHERE under_way AND status <> 'PENDING' AND id > ? ORDER BY id LIMIT ?";

    private final JdbcTemplate jdbc;

    DeliveryStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the deliveries of these steps, of whatever generation, that have or may still have an effect.
     *
     * @return at most one for each step; nothing for a step that has none
     */
    Map<StepKey, Delivery> lockLive(Collection<StepKey> steps) {
        if (steps.isEmpty()) {
            return Map.of();
        }
        String[] sagaIds = texts(steps, StepKey::sagaId);
        List<Delivery> live =
                jdbc.query(LOCK_LIVE, DeliveryStore::delivery, sagaIds, sagaIds, texts(steps, StepKey::step));
        return by(delivery -> delivery.terms().step(), live);
    }

    /**
     * Locks the deliveries with these idempotency keys, all of which exist.
     *
     * @throws IllegalStateException when one does not
     */
    Map<String, Delivery> lock(Collection<String> keys) {
        List<Delivery> found = jdbc.query(LOCK, DeliveryStore::delivery, (Object) texts(keys, key -> key));
        Map<String, Delivery> locked = by(delivery -> delivery.terms().idempotencyKey(), found);
        if (!locked.keySet().containsAll(keys)) {
            throw new IllegalStateException("there are %d deliveries with keys %s".formatted(locked.size(), keys));
        }
        return locked;
    }

    /**
     * Stores new deliveries, which are PENDING, of those steps that have none that has or may still have an effect.
     *
     * @return the steps whose delivery was stored
     */
    Set<StepKey> insert(List<DeliveryTerms> intents) {
        return Set.copyOf(jdbc.query(
                INSERT,
                DeliveryStore::step,
                texts(intents, DeliveryTerms::id),
                texts(intents, DeliveryTerms::orderId),
                texts(intents, intent -> intent.step().sagaId()),
                texts(intents, intent -> intent.step().step()),
                texts(intents, DeliveryTerms::idempotencyKey),
                texts(intents, DeliveryTerms::address),
                texts(intents, DeliveryTerms::createdAt)));
    }

    /**
     * Stores those that are changed, each with the version after the one that was read.
     *
     * @throws OptimisticLockingFailureException when one has another version; nothing may be committed then
     */
    void update(Collection<Delivery> deliveries) {
        List<Delivery> changed = deliveries.stream().filter(Delivery::isChanged).toList();
        if (changed.isEmpty()) {
            return;
        }
        String[] ids = texts(changed, delivery -> delivery.terms().id());
        int stored = jdbc.update(
                UPDATE,
                ids,
                texts(changed, Delivery::version),
                texts(changed, Delivery::status),
                texts(changed, Delivery::carrierReference),
                texts(changed, Delivery::reason),
                texts(changed, Delivery::updatedAt),
                ids);
        if (stored != changed.size()) {
            throw new OptimisticLockingFailureException("a delivery was changed without its lock");
        }
    }

    Optional<Delivery> find(UUID id) {
        return jdbc.query(FIND, DeliveryStore::delivery, id).stream().findFirst();
    }

    /**
     * Deliveries, newest first.
     *
     * @param orderId the order that they bring; null for all orders
     * @param before only those with a lower id
     */
    List<Delivery> newest(@Nullable String orderId, UUID before, int most) {
        return orderId == null
                ? jdbc.query(NEWEST, DeliveryStore::delivery, before, most)
                : jdbc.query(NEWEST_OF_ORDER, DeliveryStore::delivery, orderId, before, most);
    }

    /**
     * Deliveries that the carrier has in hand, as far as we know, oldest first.
     *
     * @param after only those with a higher id
     */
    List<Delivery> underWay(UUID after, int most) {
        return jdbc.query(UNDER_WAY, DeliveryStore::delivery, after, most);
    }

    private static <K> Map<K, Delivery> by(Function<Delivery, K> key, List<Delivery> deliveries) {
        Map<K, Delivery> map = new HashMap<>();
        deliveries.forEach(delivery -> map.put(key.apply(delivery), delivery));
        return map;
    }

    private static Delivery delivery(ResultSet row, int number) throws SQLException {
        DeliveryTerms terms = new DeliveryTerms(
                row.getObject("id", UUID.class),
                row.getString("order_id"),
                step(row, number),
                row.getString("idempotency_key"),
                row.getString("address"),
                time(row, "created_at"));
        return new Delivery(
                terms,
                DeliveryStatus.valueOf(row.getString("status")),
                row.getString("carrier_reference"),
                row.getString("reason"),
                time(row, "updated_at"),
                row.getLong("version"));
    }

    private static StepKey step(ResultSet row, int number) throws SQLException {
        return new StepKey(row.getObject("saga_id", UUID.class), row.getString("step"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
