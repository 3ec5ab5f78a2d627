package dev.counterstep.payment.gateway.simulated;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.storage.GroupCommit;
import dev.counterstep.storage.TimeOrderedIds;

import static dev.counterstep.storage.Columns.texts;

/**
 * The simulated gateway's books: one entry per key, and whoever enters first decides what became of it. Each operation is one
 * statement and so one transaction of its own, shared by those who write at the same time; a caller's transaction is refused, for a
 * real gateway could not be part of it either. Entries are written in the order of their keys, so that two instances never wait for
 * each other in a circle.
 */
@Component
class GatewayLedger {

    private static final int MOST_WRITES_TOGETHER = 1_000;

    private static final String FIND = """
            SELECT idempotency_key, outcome, reference FROM gateway_entry WHERE idempotency_key = ANY (?::text[])
            """;

    private static final String ENTER = """
            INSERT INTO gateway_entry (idempotency_key, outcome, amount, currency, reference, created_at, updated_at)
            SELECT n.idempotency_key, n.outcome, n.amount, n.currency, n.reference, now(), now()
            FROM unnest(?::text[], ?::text[], ?::numeric[], ?::text[], ?::text[])
                WITH ORDINALITY AS n (idempotency_key, outcome, amount, currency, reference, position)
            ORDER BY n.idempotency_key, n.position
            ON CONFLICT (idempotency_key) DO NOTHING
            RETURNING idempotency_key, outcome, reference
            """;

    // Says what the refund amounts to, not what to add: repeated, it changes nothing.
    private static final String REFUND = """
            WITH charged AS MATERIALIZED (
                SELECT idempotency_key FROM gateway_entry
                WHERE idempotency_key = ANY (?::text[]) AND outcome = 'CHARGED'
                ORDER BY idempotency_key
                FOR UPDATE)
            UPDATE gateway_entry AS entry
            SET refunded_amount = amount, updated_at = now()
            FROM charged
            WHERE entry.idempotency_key = ANY (?::text[]) AND entry.idempotency_key = charged.idempotency_key
            RETURNING entry.idempotency_key
            """;

    private final JdbcTemplate jdbc;
    private final TimeOrderedIds ids;
    private final GroupCommit<Entry, Charge> entries = new GroupCommit<>(this::enter, MOST_WRITES_TOGETHER);
    private final GroupCommit<String, Boolean> refunds = new GroupCommit<>(this::refund, MOST_WRITES_TOGETHER);

    GatewayLedger(JdbcTemplate jdbc, TimeOrderedIds ids) {
        this.jdbc = jdbc;
        this.ids = ids;
    }

    /** What shall become of a charge, unless its key has an entry. */
    record Entry(ChargeRequest request, Charge.Status outcome) {}

    Optional<Charge> find(String key) {
        refuseTransaction();
        return find(List.of(key)).stream().findFirst();
    }

    /** Enters what becomes of the charge, unless the key has an entry; answers the entry that counts. */
    Charge enter(ChargeRequest request, Charge.Status outcome) {
        refuseTransaction();
        return entries.submit(new Entry(request, outcome));
    }

    /** Gives a charge back, once. */
    void refund(Charge charge) {
        refuseTransaction();
        if (!refunds.submit(charge.key())) {
            throw new IllegalStateException("the gateway has no charge " + charge.key() + " to refund");
        }
    }

    /** One statement when all keys are new, two when some have entries. Of two entries with one key the first counts. */
    List<Charge> enter(List<Entry> wanted) {
        Map<String, Charge> entered = new HashMap<>();
        List<Charge> made = jdbc.query(
                ENTER,
                GatewayLedger::charge,
                texts(wanted, entry -> entry.request().key()),
                texts(wanted, Entry::outcome),
                texts(wanted, entry -> entry.request().money().amount()),
                texts(wanted, entry -> entry.request().money().currency()),
                texts(wanted, entry -> newReference(entry.outcome())));
        made.forEach(charge -> entered.put(charge.key(), charge));
        List<String> known = wanted.stream()
                .map(entry -> entry.request().key())
                .filter(key -> !entered.containsKey(key))
                .toList();
        if (!known.isEmpty()) {
            find(known).forEach(charge -> entered.put(charge.key(), charge));
        }
        return wanted.stream()
                .map(entry -> Objects.requireNonNull(entered.get(entry.request().key()), "the gateway lost an entry"))
                .toList();
    }

    private List<Boolean> refund(List<String> keys) {
        String[] all = texts(keys, key -> key);
        Set<String> refunded = Set.copyOf(jdbc.query(REFUND, (row, number) -> row.getString(1), all, all));
        return keys.stream().map(refunded::contains).toList();
    }

    private List<Charge> find(List<String> keys) {
        return jdbc.query(FIND, GatewayLedger::charge, (Object) texts(keys, key -> key));
    }

    private @Nullable String newReference(Charge.Status outcome) {
        return outcome == Charge.Status.CHARGED ? "ch_" + ids.next() : null;
    }

    private static void refuseTransaction() {
        Assert.state(
                !TransactionSynchronizationManager.isActualTransactionActive(),
                "the payment gateway must not be called inside a transaction");
    }

    private static Charge charge(ResultSet row, int number) throws SQLException {
        return new Charge(
                row.getString("idempotency_key"),
                Charge.Status.valueOf(row.getString("outcome")),
                row.getString("reference"));
    }
}
