package dev.counterstep.delivery.carrier.simulated;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;

/**
 * Stands in for a real carrier: refuses the address {@code undeliverable}, accepts any other, and moves its parcels by the clock.
 *
 * <p>Its ledger has one entry per key, and whoever comes first enters. Each write is one statement and so one transaction of its own;
 * a caller's transaction is refused, for a real carrier could not be part of it either.
 */
@Component("haulier")
@EnableConfigurationProperties(SimulatedCarrierProperties.class)
class SimulatedCarrier implements Carrier {

    private static final String UNDELIVERABLE = "undeliverable";

    private final JdbcClient jdbc;
    private final SimulatedCarrierProperties properties;

    SimulatedCarrier(JdbcClient jdbc, SimulatedCarrierProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    @Override
    public Optional<Booking> find(String key) {
        return statement("""
                        SELECT idempotency_key, tracking_number,
                               CASE WHEN outcome = 'REFUSED' THEN 'REFUSED'
                                    WHEN outcome = 'VOIDED' OR cancelled_at IS NOT NULL THEN 'CANCELLED'
                                    WHEN created_at > now() - :shipsAfter * INTERVAL '1 millisecond' THEN 'BOOKED'
                                    WHEN created_at > now() - 2 * :shipsAfter * INTERVAL '1 millisecond' THEN 'SHIPPED'
                                    ELSE 'DELIVERED' END AS status
                          FROM carrier_entry
                         WHERE idempotency_key = :key
                        """)
                .param("key", key)
                .param("shipsAfter", properties.shipsAfter().toMillis())
                .query(SimulatedCarrier::toBooking)
                .optional();
    }

    @Override
    public Booking book(BookingRequest request) {
        boolean refused = UNDELIVERABLE.equals(request.address());
        statement("""
                        INSERT INTO carrier_entry (idempotency_key, outcome, tracking_number, created_at)
                        VALUES (:key, :outcome, :trackingNumber, now())
                        ON CONFLICT (idempotency_key) DO NOTHING
                        """)
                .param("key", request.key())
                .param("outcome", refused ? "REFUSED" : "BOOKED")
                .param("trackingNumber", refused ? null : "trk_" + UUID.randomUUID())
                .update();
        return known(request.key());
    }

    @Override
    public Booking cancel(String key) {
        statement("""
                        INSERT INTO carrier_entry AS entry (idempotency_key, outcome, created_at)
                        VALUES (:key, 'VOIDED', now())
                        ON CONFLICT (idempotency_key) DO UPDATE SET cancelled_at = now()
                         WHERE entry.outcome = 'BOOKED' AND entry.cancelled_at IS NULL
                           AND entry.created_at > now() - :shipsAfter * INTERVAL '1 millisecond'
                        """)
                .param("key", key)
                .param("shipsAfter", properties.shipsAfter().toMillis())
                .update();
        return known(key);
    }

    private Booking known(String key) {
        return find(key).orElseThrow(() -> new IllegalStateException("the carrier lost its entry for " + key));
    }

    private JdbcClient.StatementSpec statement(String sql) {
        Assert.state(
                !TransactionSynchronizationManager.isActualTransactionActive(),
                "the carrier must not be called inside a transaction");
        return jdbc.sql(sql);
    }

    private static Booking toBooking(ResultSet row, int number) throws SQLException {
        return new Booking(
                row.getString("idempotency_key"),
                Booking.Status.valueOf(row.getString("status")),
                row.getString("tracking_number"));
    }
}
