package dev.counterstep.payment;

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
import dev.counterstep.payment.gateway.Money;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements on table {@code payment}. Those that lock or change take a whole batch, in the caller's transaction. Rows are
 * locked in the order of their ids, so that two batches never wait for each other in a circle. Each statement names its rows by an
 * index in a condition on the table alone: plans are kept, and no plan reads more than that. Where that is another index than the
 * primary key, rows are sorted by {@code id::text}, the same order, but not one for which the whole primary key could be read.
 */
@Repository
class PaymentStore {

    private static final String SELECT = """
            SELECT id, order_id, saga_id, step, idempotency_key, amount, currency, payment_method, status,
                   gateway_reference, reason, created_at, updated_at, version
            FROM payment
            """;

    // Of a step's payments, of whatever generation, at most one is live: an index sees to it.
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
            INSERT INTO payment (id, order_id, saga_id, step, idempotency_key, amount, currency, payment_method, status,
                                 created_at, updated_at, version)
            SELECT n.id, n.order_id, n.saga_id, n.step, n.idempotency_key, n.amount, n.currency, n.payment_method, 'PENDING',
                   n.created_at, n.created_at, 0
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::text[],
                        ?::timestamptz[])
                AS n (id, order_id, saga_id, step, idempotency_key, amount, currency, payment_method, created_at)
            ON CONFLICT (saga_id, step) WHERE live DO NOTHING
            RETURNING saga_id, step
            """;

    private static final String UPDATE = """
            UPDATE payment AS p
            SET version = p.version + 1, status = n.status, gateway_reference = n.gateway_reference, reason = n.reason,
                updated_at = n.updated_at
            FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                AS n (id, version, status, gateway_reference, reason, updated_at)
            WHERE p.id = ANY (?::uuid[]) AND p.id = n.id AND p.version = n.version
            """;

    private static final String FIND = SELECT + "WHERE id = ?";

    private static final String NEWEST = SELECT + "WHERE id < ? ORDER BY id DESC LIMIT ?";

    // OFFSET 0: an order's rows are sought by the order, and sorted then.
    private static final String NEWEST_OF_ORDER = "SELECT * FROM (" + SELECT
            + "WHERE order_id = ? OFFSET 0) AS of_order WHERE id < ? ORDER BY id DESC LIMIT ?";

    private final JdbcTemplate jdbc;

    PaymentStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the payments of these steps, of whatever generation, that have or may still have an effect.
     *
     * @return at most one for each step; nothing for a step that has none
     */
    Map<StepKey, Payment> lockLive(Collection<StepKey> steps) {
        if (steps.isEmpty()) {
            return Map.of();
        }
        String[] sagaIds = texts(steps, StepKey::sagaId);
        List<Payment> live =
                jdbc.query(LOCK_LIVE, PaymentStore::payment, sagaIds, sagaIds, texts(steps, StepKey::step));
        return by(payment -> payment.terms().step(), live);
    }

    /**
     * Locks the payments with these idempotency keys, all of which exist.
     *
     * @throws IllegalStateException when one does not
     */
    Map<String, Payment> lock(Collection<String> keys) {
        List<Payment> found = jdbc.query(LOCK, PaymentStore::payment, (Object) texts(keys, key -> key));
        Map<String, Payment> locked = by(payment -> payment.terms().idempotencyKey(), found);
        if (!locked.keySet().containsAll(keys)) {
            throw new IllegalStateException("there are %d payments with keys %s".formatted(locked.size(), keys));
        }
        return locked;
    }

    /**
     * Stores new payments, which are PENDING, of those steps that have none that has or may still have an effect.
     *
     * @return the steps whose payment was stored
     */
    Set<StepKey> insert(List<PaymentTerms> intents) {
        return Set.copyOf(jdbc.query(
                INSERT,
                PaymentStore::step,
                texts(intents, PaymentTerms::id),
                texts(intents, PaymentTerms::orderId),
                texts(intents, intent -> intent.step().sagaId()),
                texts(intents, intent -> intent.step().step()),
                texts(intents, PaymentTerms::idempotencyKey),
                texts(intents, intent -> intent.money().amount()),
                texts(intents, intent -> intent.money().currency()),
                texts(intents, PaymentTerms::paymentMethod),
                texts(intents, PaymentTerms::createdAt)));
    }

    /**
     * Stores those that are changed, each with the version after the one that was read.
     *
     * @throws OptimisticLockingFailureException when one has another version; nothing may be committed then
     */
    void update(Collection<Payment> payments) {
        List<Payment> changed = payments.stream().filter(Payment::isChanged).toList();
        if (changed.isEmpty()) {
            return;
        }
        String[] ids = texts(changed, payment -> payment.terms().id());
        int stored = jdbc.update(
                UPDATE,
                ids,
                texts(changed, Payment::version),
                texts(changed, Payment::status),
                texts(changed, Payment::gatewayReference),
                texts(changed, Payment::reason),
                texts(changed, Payment::updatedAt),
                ids);
        if (stored != changed.size()) {
            throw new OptimisticLockingFailureException("a payment was changed without its lock");
        }
    }

    Optional<Payment> find(UUID id) {
        return jdbc.query(FIND, PaymentStore::payment, id).stream().findFirst();
    }

    /**
     * Payments, newest first.
     *
     * @param orderId the order that they pay; null for all orders
     * @param before only those with a lower id
     */
    List<Payment> newest(@Nullable String orderId, UUID before, int most) {
        return orderId == null
                ? jdbc.query(NEWEST, PaymentStore::payment, before, most)
                : jdbc.query(NEWEST_OF_ORDER, PaymentStore::payment, orderId, before, most);
    }

    private static <K> Map<K, Payment> by(Function<Payment, K> key, List<Payment> payments) {
        Map<K, Payment> map = new HashMap<>();
        payments.forEach(payment -> map.put(key.apply(payment), payment));
        return map;
    }

    private static Payment payment(ResultSet row, int number) throws SQLException {
        PaymentTerms terms = new PaymentTerms(
                row.getObject("id", UUID.class),
                row.getString("order_id"),
                step(row, number),
                row.getString("idempotency_key"),
                new Money(row.getBigDecimal("amount"), row.getString("currency")),
                row.getString("payment_method"),
                time(row, "created_at"));
        return new Payment(
                terms,
                PaymentStatus.valueOf(row.getString("status")),
                row.getString("gateway_reference"),
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
