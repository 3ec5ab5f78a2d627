package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.util.List;

import dev.counterstep.benchmark.floor.FloorInbox.Answered;

/** inventory-service's rows: stock and reservations. */
final class InventoryFloor implements FloorService.Handler {

    private static final String TAKE = """
            UPDATE product AS p
            SET available = p.available - taken.quantity, reserved = p.reserved + taken.quantity, updated_at = now()
            FROM (
                SELECT id, sum(quantity) AS quantity
                FROM unnest(?::text[], ?::integer[]) AS one (id, quantity)
                GROUP BY id
                ORDER BY id) AS taken
            WHERE p.id = taken.id AND p.available >= taken.quantity
            """;

    private static final String RESERVE = """
            INSERT INTO reservation (id, order_id, saga_id, step, product_id, quantity, status, created_at)
            SELECT id, order_id, saga_id, step, product_id, quantity, 'RESERVED', now()
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::integer[])
                AS r (id, order_id, saga_id, step, product_id, quantity)
            """;

    private static final String RELEASE = """
            UPDATE reservation AS r
            SET status = 'RELEASED', released_at = now()
            FROM unnest(?::uuid[], ?::text[]) AS released (saga_id, step)
            WHERE r.saga_id = released.saga_id AND r.step = released.step
            """;

    @Override
    public List<Message> handle(Database database, List<Arrived> batch) throws SQLException {
        List<Answered> answers = FloorInbox.enter(
                database, batch.stream().map(InventoryFloor::answer).toList());
        List<Answered> taken = answers.stream()
                .filter(answer -> !answer.command().isCompensation())
                .toList();
        List<Answered> released = answers.stream()
                .filter(answer -> answer.command().isCompensation())
                .toList();
        reserve(database, taken);
        release(database, released);
        moveStock(database, answers);
        return FloorInbox.replies("inventory", answers);
    }

    private static Answered answer(Arrived command) {
        if (command.isCompensation()) {
            return new Answered(command, "inventory.released", null, "{}");
        }
        String body = "{\"reservationId\":\"%s\",\"productId\":\"%s\",\"quantity\":%s}"
                .formatted(Ids.next(), command.member("productId"), command.member("quantity"));
        return new Answered(command, "inventory.reserved", null, body);
    }

    private static void reserve(Database database, List<Answered> taken) throws SQLException {
        database.columns(taken)
                .with("text", answer -> Arrived.member(answer.body(), "reservationId"))
                .with("text", answer -> answer.command().member("orderId"))
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> answer.command().member("productId"))
                .with("text", answer -> answer.command().member("quantity"))
                .update(RESERVE);
    }

    private static void release(Database database, List<Answered> released) throws SQLException {
        database.columns(released)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .update(RELEASE);
    }

    /** What is released is taken with a minus. */
    private static void moveStock(Database database, List<Answered> answers) throws SQLException {
        database.columns(answers)
                .with("text", answer -> answer.command().member("productId"))
                .with(
                        "text",
                        answer -> (answer.command().isCompensation() ? "-" : "")
                                + answer.command().member("quantity"))
                .update(TAKE);
    }
}
