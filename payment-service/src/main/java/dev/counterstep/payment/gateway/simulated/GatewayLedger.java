package dev.counterstep.payment.gateway.simulated;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;

/**
 * The simulated gateway's books: one entry per key, and whoever enters first decides what became of it. Each operation is one
 * statement and so one transaction of its own; a caller's transaction is refused, for a real gateway could not be part of it either.
 */
@Component
class GatewayLedger {

    private final JdbcClient jdbc;

    GatewayLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Charge> find(String key) {
        return statement("""
                        SELECT idempotency_key, outcome, reference
                          FROM gateway_entry
                         WHERE idempotency_key = :key
                        """).param("key", key).query(GatewayLedger::toCharge).optional();
    }

    /** Enters what becomes of the charge, unless the key has an entry; answers the entry that counts. */
    Charge enter(ChargeRequest request, Charge.Status outcome) {
        return statement("""
                        INSERT INTO gateway_entry
                               (idempotency_key, outcome, amount, currency, reference, created_at, updated_at)
                        VALUES (:key, :outcome, :amount, :currency, :reference, now(), now())
                        ON CONFLICT (idempotency_key) DO NOTHING
                        RETURNING idempotency_key, outcome, reference
                        """)
                .param("key", request.key())
                .param("outcome", outcome.name())
                .param("amount", request.money().amount())
                .param("currency", request.money().currency())
                .param("reference", outcome == Charge.Status.CHARGED ? "ch_" + UUID.randomUUID() : null)
                .query(GatewayLedger::toCharge)
                .optional()
                .or(() -> find(request.key()))
                .orElseThrow(() -> new IllegalStateException("the gateway lost its entry for " + request.key()));
    }

    /** Says what the refund amounts to, not what to add: repeated, it changes nothing. */
    void refund(Charge charge) {
        int entries = statement("""
                        UPDATE gateway_entry
                           SET refunded_amount = amount, updated_at = now()
                         WHERE idempotency_key = :key AND outcome = 'CHARGED'
                        """).param("key", charge.key()).update();
        if (entries == 0) {
            throw new IllegalStateException("the gateway has no charge " + charge.key() + " to refund");
        }
    }

    private JdbcClient.StatementSpec statement(String sql) {
        Assert.state(
                !TransactionSynchronizationManager.isActualTransactionActive(),
                "the payment gateway must not be called inside a transaction");
        return jdbc.sql(sql);
    }

    private static Charge toCharge(ResultSet row, int number) throws SQLException {
        return new Charge(
                row.getString("idempotency_key"),
                Charge.Status.valueOf(row.getString("outcome")),
                row.getString("reference"));
    }
}
