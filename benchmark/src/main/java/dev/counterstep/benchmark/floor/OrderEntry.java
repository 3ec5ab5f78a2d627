package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import dev.counterstep.benchmark.load.NewOrder;

/** Accepts orders: a batch is one transaction. Safe for use by several threads, one at a time. */
final class OrderEntry {

    private static final String PLACE =
            """
            INSERT INTO orders (id, customer_id, product_id, quantity, amount, currency, flow, payment_method, address, status,
                                correlation_id, traceparent, created_at, updated_at, version)
            SELECT id, customer_id, product_id, %d, amount, '%s', '%s', payment_method, '%s', 'PENDING', id::text, traceparent,
                   now(), now(), 0
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::text[])
                AS o (id, customer_id, product_id, amount, payment_method, traceparent)
            """.formatted(NewOrder.QUANTITY, NewOrder.CURRENCY, NewOrder.FLOW, NewOrder.ADDRESS);

    private static final String RECORD = """
            INSERT INTO order_history (order_id, seq, at, status)
            SELECT id, 0, now(), 'PENDING' FROM unnest(?::uuid[]) AS o (id)
            """;

    private record Placed(UUID id, String traceparent, NewOrder order) {

        static Placed of(NewOrder order) {
            return new Placed(Ids.next(), Ids.traceparent(), order);
        }

        String json() {
            return ("{\"orderId\":\"%s\",\"customerId\":\"%s\",\"productId\":\"%s\",\"quantity\":%d,\"amount\":%s,"
                            + "\"currency\":\"%s\",\"flow\":\"%s\",\"paymentMethod\":\"%s\",\"address\":\"%s\"}")
                    .formatted(
                            id,
                            order.customerId(),
                            order.productId(),
                            NewOrder.QUANTITY,
                            order.amount(),
                            NewOrder.CURRENCY,
                            NewOrder.FLOW,
                            order.paymentMethod(),
                            NewOrder.ADDRESS);
        }

        Message created(Messages messages) {
            var about = new Messages.Step("", id.toString(), traceparent, "", "");
            return messages.event("order.events", "order.created", id.toString(), id.toString(), about, json());
        }
    }

    private final Database database;
    private final FloorOutbox outbox;

    OrderEntry(Database database, FloorOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    synchronized List<UUID> place(List<NewOrder> orders) {
        try {
            List<Placed> placed = orders.stream().map(Placed::of).toList();
            Messages messages = new Messages("/order-service", Instant.now());
            List<Message> created =
                    placed.stream().map(order -> order.created(messages)).toList();
            write(placed);
            outbox.exchange(created);
            database.commit();
            outbox.send(created);
            return placed.stream().map(Placed::id).toList();
        } catch (SQLException | ExecutionException e) {
            throw new IllegalStateException("orders cannot be placed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while orders were placed", e);
        }
    }

    private void write(List<Placed> placed) throws SQLException {
        database.columns(placed)
                .with("uuid", Placed::id)
                .with("text", row -> row.order().customerId())
                .with("text", row -> row.order().productId())
                .with("numeric", row -> row.order().amount())
                .with("text", row -> row.order().paymentMethod())
                .with("text", Placed::traceparent)
                .update(PLACE);
        database.columns(placed).with("uuid", Placed::id).update(RECORD);
    }

    /** Deletes what was sent from the outbox. */
    synchronized void tidy() throws SQLException, ExecutionException, InterruptedException {
        if (outbox.hasSent()) {
            outbox.removeSent();
            database.commit();
        }
    }
}
