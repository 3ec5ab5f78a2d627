package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.floor.FloorInbox.Answered;

/** order-service's rows: the ends of orders, their history, and what customers are told. */
final class OrderFloor implements FloorService.Handler {

    private static final String END = """
            UPDATE orders AS o
            SET status = ended.status, reason = ended.reason, saga_id = ended.saga_id, updated_at = now(), ended_at = now(),
                version = o.version + 1
            FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[]) AS ended (id, saga_id, status, reason)
            WHERE o.id = ended.id AND o.status = 'PENDING'
            """;

    private static final String RECORD = """
            INSERT INTO order_history (order_id, seq, at, status, detail)
            SELECT id, 1, now(), status, detail FROM unnest(?::uuid[], ?::text[], ?::text[]) AS h (id, status, detail)
            """;

    private static final String BAR = """
            INSERT INTO inbox (saga_id, step, phase, generation, outcome)
            SELECT saga_id, step, 'ACTION', 1, 'EMPTY' FROM unnest(?::uuid[], ?::text[]) AS barred (saga_id, step)
            ON CONFLICT DO NOTHING
            """;

    private static final String TELL = """
            INSERT INTO notification (id, order_id, customer_id, priority, text, message_id, created_at)
            SELECT id, order_id, customer_id, priority, text, message_id, now()
            FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
                AS n (id, order_id, customer_id, priority, text, message_id)
            ON CONFLICT (message_id) DO NOTHING
            """;

    private final Consumer<UUID> ended;
    private List<Answered> committing = List.of();

    /** @param ended told of each order whose end is committed */
    OrderFloor(Consumer<UUID> ended) {
        this.ended = ended;
    }

    @Override
    public List<Message> handle(Database database, List<Arrived> batch) throws SQLException {
        tell(database, batch.stream().filter(OrderFloor::isNotification).toList());
        List<Answered> answers = FloorInbox.enter(
                database,
                batch.stream()
                        .filter(message -> !isNotification(message))
                        .map(OrderFloor::answer)
                        .toList());
        end(database, answers);
        committing = answers;
        List<Message> messages = new ArrayList<>(FloorInbox.replies("order", answers));
        Messages events = new Messages("/order-service", Instant.now());
        answers.forEach(answer -> announce(answer, events, messages));
        return messages;
    }

    @Override
    public void committed() {
        committing.forEach(answer -> ended.accept(UUID.fromString(orderId(answer))));
    }

    private static boolean isNotification(Arrived message) {
        return message.topic().startsWith("notifications.");
    }

    private static Answered answer(Arrived command) {
        return new Answered(command, command.isCompensation() ? "order.cancelled" : "order.completed", null, "{}");
    }

    private static void end(Database database, List<Answered> answers) throws SQLException {
        List<Answered> cancelled = answers.stream()
                .filter(answer -> answer.command().isCompensation())
                .toList();
        database.columns(cancelled)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .update(BAR);
        database.columns(answers)
                .with("text", OrderFloor::orderId)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", OrderFloor::status)
                .with("text", OrderFloor::reason)
                .update(END);
        database.columns(answers)
                .with("text", OrderFloor::orderId)
                .with("text", OrderFloor::status)
                .with("text", OrderFloor::reason)
                .update(RECORD);
    }

    private static void announce(Answered answer, Messages events, List<Message> messages) {
        Messages.Step step = answer.command().step();
        String orderId = orderId(answer);
        String customerId = answer.command().member("customerId");
        boolean cancelled = answer.command().isCompensation();
        String why = cancelled ? ",\"reason\":\"" + reason(answer) + "\"" : "";
        String body = "{\"orderId\":\"%s\",\"customerId\":\"%s\",\"status\":\"%s\"%s,\"sagaId\":\"%s\"}"
                .formatted(orderId, customerId, status(answer), why, step.sagaId());
        messages.add(events.event("order.events", answer.type(), orderId, orderId, step, body));
        String text = cancelled ? "Your order was cancelled: " + reason(answer) : "Your order is complete.";
        String notice = "{\"orderId\":\"%s\",\"customerId\":\"%s\",\"priority\":\"%s\",\"text\":\"%s\"}"
                .formatted(orderId, customerId, cancelled ? "HIGH" : "LOW", text);
        String topic = cancelled ? "notifications.high" : "notifications.low";
        messages.add(events.event(topic, "order.notification", customerId, orderId, step, notice));
    }

    private static void tell(Database database, List<Arrived> notifications) throws SQLException {
        database.columns(notifications)
                .with("uuid", notification -> Ids.next())
                .with("text", notification -> notification.member("orderId"))
                .with("text", notification -> notification.member("customerId"))
                .with("text", notification -> notification.member("priority"))
                .with("text", notification -> notification.member("text"))
                .with("text", notification -> notification.header("ce_id"))
                .update(TELL);
    }

    private static String orderId(Answered answer) {
        return answer.command().member("orderId");
    }

    private static String status(Answered answer) {
        return answer.command().isCompensation() ? "CANCELLED" : "COMPLETED";
    }

    private static @Nullable String reason(Answered answer) {
        return answer.command().isCompensation() ? answer.command().member("reason") : null;
    }
}
