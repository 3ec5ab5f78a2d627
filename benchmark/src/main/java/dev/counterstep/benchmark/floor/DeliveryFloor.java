package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.util.List;

import dev.counterstep.benchmark.floor.FloorInbox.Answered;

/** delivery-service's rows: deliveries, and the simulated carrier's entries. */
final class DeliveryFloor implements FloorService.Handler {

    private static final String SCHEDULE = """
            INSERT INTO delivery (id, order_id, saga_id, step, idempotency_key, address, status, carrier_reference, created_at,
                                  updated_at, version)
            SELECT id, order_id, saga_id, step, saga_id || ':' || step || ':1', address, 'SCHEDULED', reference, now(), now(), 1
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[])
                AS d (id, order_id, saga_id, step, address, reference)
            """;

    private static final String BOOK = """
            INSERT INTO carrier_entry (idempotency_key, outcome, tracking_number, created_at)
            SELECT saga_id || ':' || step || ':1', 'BOOKED', reference, now()
            FROM unnest(?::text[], ?::text[], ?::text[]) AS e (saga_id, step, reference)
            """;

    @Override
    public List<Message> handle(Database database, List<Arrived> batch) throws SQLException {
        List<Answered> answers = FloorInbox.enter(
                database, batch.stream().map(DeliveryFloor::answer).toList());
        database.columns(answers)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> Arrived.member(answer.body(), "trackingNumber"))
                .update(BOOK);
        database.columns(answers)
                .with("text", answer -> Arrived.member(answer.body(), "deliveryId"))
                .with("text", answer -> answer.command().member("orderId"))
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> answer.command().member("address"))
                .with("text", answer -> Arrived.member(answer.body(), "trackingNumber"))
                .update(SCHEDULE);
        return FloorInbox.replies("delivery", answers);
    }

    private static Answered answer(Arrived command) {
        String body = "{\"deliveryId\":\"%s\",\"trackingNumber\":\"trk_%s\"}".formatted(Ids.next(), Ids.next());
        return new Answered(command, "delivery.scheduled", null, body);
    }
}
