package dev.counterstep.order;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Reads rows of {@code orders}. */
final class OrderRows {

    private OrderRows() {}

    static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getObject("id", UUID.class),
                request(row),
                new RequestContext(row.getString("correlation_id"), row.getString("traceparent")),
                time(row, "created_at"),
                state(row));
    }

    private static OrderRequest request(ResultSet row) throws SQLException {
        return new OrderRequest(
                row.getString("customer_id"),
                row.getString("product_id"),
                row.getInt("quantity"),
                row.getBigDecimal("amount"),
                row.getString("currency"),
                row.getString("flow"),
                row.getString("payment_method"),
                row.getString("address"));
    }

    private static OrderState state(ResultSet row) throws SQLException {
        return new OrderState(
                OrderStatus.valueOf(row.getString("status")),
                row.getString("reason"),
                row.getObject("saga_id", UUID.class),
                time(row, "updated_at"),
                instant(row, "ended_at"),
                row.getLong("version"));
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
