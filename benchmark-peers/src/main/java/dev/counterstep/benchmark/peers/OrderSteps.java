package dev.counterstep.benchmark.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;

import dev.counterstep.benchmark.load.NewOrder;

/**
 * What the participants do: one statement a step, one transaction a step unless the engine's own transaction is around it. Each may
 * be repeated, and then changes nothing. Safe for use by several threads.
 */
final class OrderSteps {

    private static final String ACCEPT = """
            INSERT INTO orders (id, customer_id, product_id, quantity, amount, currency, payment_method, address)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String RESERVE = """
            WITH taken AS (
                INSERT INTO reservation (order_id, product_id, quantity)
                SELECT id, product_id, quantity FROM orders WHERE id = ?
                ON CONFLICT DO NOTHING
                RETURNING product_id, quantity)
            UPDATE product AS p
            SET available = p.available - taken.quantity, reserved = p.reserved + taken.quantity, updated_at = now()
            FROM taken
            WHERE p.id = taken.product_id
            """;

    private static final String RELEASE = """
            WITH released AS (
                UPDATE reservation SET status = 'RELEASED', released_at = now()
                WHERE order_id = ? AND status = 'RESERVED'
                RETURNING product_id, quantity)
            UPDATE product AS p
            SET available = p.available + released.quantity, reserved = p.reserved - released.quantity, updated_at = now()
            FROM released
            WHERE p.id = released.product_id
            """;

    private static final String PAY = """
            INSERT INTO payment (order_id, amount, currency, payment_method, status, gateway_reference)
            SELECT id, amount, currency, payment_method,
                   CASE payment_method WHEN '%1$s' THEN 'DECLINED' ELSE 'COMPLETED' END,
                   CASE payment_method WHEN '%1$s' THEN NULL ELSE 'ch_' || id END
            FROM orders WHERE id = ?
            ON CONFLICT (order_id) DO UPDATE SET status = payment.status
            RETURNING status = 'COMPLETED'
            """.formatted(NewOrder.DECLINED);

    private static final String DELIVER = """
            INSERT INTO delivery (order_id, address, carrier_reference)
            SELECT id, address, 'trk_' || id FROM orders WHERE id = ? ON CONFLICT DO NOTHING
            """;

    private static final String COMPLETE = end("COMPLETED");
    private static final String CANCEL = end("CANCELLED");

    private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

    private final DataSource dataSource;

    OrderSteps(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    private static String end(String status) {
        return "UPDATE orders SET status = '%s', ended_at = now() WHERE id = ? AND status = 'PENDING'"
                .formatted(status);
    }

    /** An id for a new order; they grow with time, which indexes like. */
    static UUID nextId() {
        return IDS.generate();
    }

    /** Writes orders as they came in. */
    void accept(Map<UUID, NewOrder> orders) {
        run(ACCEPT, statement -> {
            for (Map.Entry<UUID, NewOrder> order : orders.entrySet()) {
                bind(statement, order.getKey(), order.getValue());
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    private static void bind(PreparedStatement statement, UUID id, NewOrder order) throws SQLException {
        statement.setObject(1, id);
        statement.setString(2, order.customerId());
        statement.setString(3, order.productId());
        statement.setInt(4, NewOrder.QUANTITY);
        statement.setBigDecimal(5, order.amount());
        statement.setString(6, NewOrder.CURRENCY);
        statement.setString(7, order.paymentMethod());
        statement.setString(8, NewOrder.ADDRESS);
    }

    void reserve(UUID order) {
        update(RESERVE, order);
    }

    void release(UUID order) {
        update(RELEASE, order);
    }

    /** Whether the payment was made; false when it was refused. */
    boolean pay(UUID order) {
        return run(PAY, statement -> {
            statement.setObject(1, order);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        });
    }

    void deliver(UUID order) {
        update(DELIVER, order);
    }

    void complete(UUID order) {
        update(COMPLETE, order);
    }

    void cancel(UUID order) {
        update(CANCEL, order);
    }

    private void update(String sql, UUID order) {
        run(sql, statement -> {
            statement.setObject(1, order);
            return statement.executeUpdate();
        });
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
