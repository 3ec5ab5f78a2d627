package dev.counterstep.inventory;

import java.util.UUID;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandWith;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Commands as the handlers get them. */
final class InventoryCommands {

    private InventoryCommands() {}

    /** A reservation of a saga of its own. */
    static CommandWith<StockRequest> reserve(String orderId, String productId, int quantity) {
        return reserve(UUID.randomUUID(), new StockRequest(orderId, productId, quantity));
    }

    static CommandWith<StockRequest> reserve(UUID sagaId, StockRequest request) {
        return new CommandWith<>(command(sagaId, "inventory.reserve", Phase.ACTION), request);
    }

    static Command release(UUID sagaId) {
        return command(sagaId, "inventory.release", Phase.COMPENSATION);
    }

    private static Command command(UUID sagaId, String type, Phase phase) {
        var saga = new SagaHeaders(sagaId, "order-fulfilment:1", "reserve", phase, 1, 1, null, null);
        return new Command(saga.commandId(), type, saga, "correlation", null, "{}".getBytes(UTF_8));
    }
}
