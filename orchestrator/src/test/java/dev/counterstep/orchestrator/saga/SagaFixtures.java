package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Definitions that the core's tests are told with. */
public final class SagaFixtures {

    /** Two attempts, a second apart, without jitter. */
    static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0);

    private SagaFixtures() {}

    /** The order's undo, two checks at once, reserve, charge, deliver (pivot), complete. */
    public static SagaDefinition orderFulfilment() {
        return new SagaDefinition(
                "order-fulfilment",
                1,
                Duration.ofMinutes(10),
                List.of(
                        List.of(compensatable("order", "order", null, "order.cancel")),
                        List.of(
                                compensatable("validate-customer", "order", "customer.validate", null),
                                compensatable("validate-product", "inventory", "inventory.validate", null)),
                        List.of(compensatable("reserve", "inventory", "inventory.reserve", "inventory.release")),
                        List.of(compensatable("pay", "payment", "payment.process", "payment.refund")),
                        List.of(step("deliver", "delivery", "delivery.schedule", "delivery.cancel", StepKind.PIVOT)),
                        List.of(step("complete", "order", "order.complete", null, StepKind.RETRIABLE))));
    }

    /** The smallest saga with a step of each kind: reserve, charge (pivot), complete. */
    static SagaDefinition oneOfEachKind() {
        return new SagaDefinition(
                "one-of-each-kind",
                1,
                Duration.ofMinutes(10),
                List.of(
                        List.of(compensatable("reserve", "inventory", "inventory.reserve", "inventory.release")),
                        List.of(step("pay", "payment", "payment.process", "payment.refund", StepKind.PIVOT)),
                        List.of(step("complete", "order", "order.complete", null, StepKind.RETRIABLE))));
    }

    /** Two compensatable steps at once, then one that may refuse. */
    static SagaDefinition parallelReservations() {
        return new SagaDefinition(
                "parallel-reservations",
                1,
                null,
                List.of(
                        List.of(
                                compensatable("hotel", "hotel", "hotel.book", "hotel.cancel"),
                                compensatable("flight", "flight", "flight.book", "flight.cancel")),
                        List.of(compensatable("pay", "payment", "payment.process", "payment.refund"))));
    }

    /** Four steps in three groups, and a payment; the expressions are those of step car. */
    static SagaDefinition tour(OnStuckCompensation onStuck, StepExpressions car) {
        return new SagaDefinition(
                "tour",
                1,
                null,
                onStuck,
                List.of(
                        List.of(compensatable("visa", "embassy", "visa.apply", "visa.withdraw")),
                        List.of(
                                compensatable("hotel", "hotel", "hotel.book", "hotel.cancel"),
                                compensatable("flight", "flight", "flight.book", "flight.cancel")),
                        List.of(step("car", "cars", "car.rent", "car.return", StepKind.COMPENSATABLE, car)),
                        List.of(compensatable("pay", "payment", "payment.process", "payment.refund"))));
    }

    /** No command of the step can be made any more once it has answered. */
    static StepExpressions brokenOnceAnswered(String step) {
        return new StepExpressions(
                data -> true,
                data -> {
                    if (data.replies().containsKey(step)) {
                        throw new ExpressionException("step " + step + ", key: ambiguous");
                    }
                    return "key";
                },
                SagaData::input);
    }

    static SagaStep compensatable(
            String id, String participant, @Nullable String action, @Nullable String compensation) {
        return step(id, participant, action, compensation, StepKind.COMPENSATABLE);
    }

    static SagaStep step(
            String id, String participant, @Nullable String action, @Nullable String compensation, StepKind kind) {
        return step(id, participant, action, compensation, kind, StepExpressions.DEFAULT);
    }

    static SagaStep step(
            String id,
            String participant,
            @Nullable String action,
            @Nullable String compensation,
            StepKind kind,
            StepExpressions expressions) {
        return new SagaStep(id, participant, action, compensation, kind, Duration.ofSeconds(30), TWICE, expressions);
    }
}
