package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.util.List;

import dev.counterstep.benchmark.floor.FloorInbox.Answered;
import dev.counterstep.benchmark.load.NewOrder;

/** payment-service's rows: payments, and the simulated gateway's entries. */
final class PaymentFloor implements FloorService.Handler {

    private static final String REFUSAL = "payment declined by the gateway";

    private static final String PAY = """
            INSERT INTO payment (id, order_id, saga_id, step, idempotency_key, amount, currency, payment_method, status,
                                 gateway_reference, reason, created_at, updated_at, version)
            SELECT id, order_id, saga_id, step, saga_id || ':' || step || ':1', amount, currency, payment_method,
                   CASE WHEN reason IS NULL THEN 'COMPLETED' ELSE 'DECLINED' END, reference, reason, now(), now(), 1
            FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::numeric[], ?::text[], ?::text[], ?::text[],
                        ?::text[])
                AS p (id, order_id, saga_id, step, amount, currency, payment_method, reference, reason)
            """;

    private static final String ENTER = """
            INSERT INTO gateway_entry (idempotency_key, outcome, amount, currency, reference, created_at, updated_at)
            SELECT saga_id || ':' || step || ':1', CASE WHEN reference IS NULL THEN 'DECLINED' ELSE 'CHARGED' END, amount,
                   currency, reference, now(), now()
            FROM unnest(?::text[], ?::text[], ?::numeric[], ?::text[], ?::text[])
                AS e (saga_id, step, amount, currency, reference)
            """;

    @Override
    public List<Message> handle(Database database, List<Arrived> batch) throws SQLException {
        List<Answered> answers = FloorInbox.enter(
                database, batch.stream().map(PaymentFloor::answer).toList());
        enter(database, answers);
        pay(database, answers);
        return FloorInbox.replies("payment", answers);
    }

    private static Answered answer(Arrived command) {
        if (command.member("paymentMethod").equals(NewOrder.DECLINED)) {
            return new Answered(command, "payment.failed", REFUSAL, "{}");
        }
        String body = "{\"paymentId\":\"%s\",\"reference\":\"ch_%s\"}".formatted(Ids.next(), Ids.next());
        return new Answered(command, "payment.completed", null, body);
    }

    private static void enter(Database database, List<Answered> answers) throws SQLException {
        database.columns(answers)
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> answer.command().member("amount"))
                .with("text", answer -> answer.command().member("currency"))
                .with("text", answer -> answer.refusal() == null ? Arrived.member(answer.body(), "reference") : null)
                .update(ENTER);
    }

    private static void pay(Database database, List<Answered> answers) throws SQLException {
        database.columns(answers)
                .with(
                        "text",
                        answer -> answer.refusal() == null ? Arrived.member(answer.body(), "paymentId") : Ids.next())
                .with("text", answer -> answer.command().member("orderId"))
                .with("text", answer -> answer.command().header("saga-id"))
                .with("text", answer -> answer.command().header("saga-step"))
                .with("text", answer -> answer.command().member("amount"))
                .with("text", answer -> answer.command().member("currency"))
                .with("text", answer -> answer.command().member("paymentMethod"))
                .with("text", answer -> answer.refusal() == null ? Arrived.member(answer.body(), "reference") : null)
                .with("text", Answered::refusal)
                .update(PAY);
    }
}
