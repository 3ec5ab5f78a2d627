package dev.counterstep.order;

import java.util.UUID;

import dev.counterstep.messaging.CommandMessage;

/** Commands as the orchestrator sends them, each of a saga of its own. */
final class OrderCommands {

    private OrderCommands() {}

    static CommandMessage validate(String orderId, String customerId) {
        return CommandMessage.action(UUID.randomUUID(), "customer.validate", """
                {"orderId": "%s", "customerId": "%s"}""".formatted(orderId, customerId));
    }

    static CommandMessage complete(String orderId) {
        return CommandMessage.action(UUID.randomUUID(), "order.complete", """
                {"orderId": "%s"}""".formatted(orderId));
    }

    static CommandMessage cancel(String orderId, String reason) {
        return CommandMessage.compensation(UUID.randomUUID(), "order.cancel", """
                {"orderId": "%s", "reason": "%s"}""".formatted(orderId, reason));
    }
}
