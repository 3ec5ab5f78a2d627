package dev.counterstep.inventory;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.SagaCommand;

/** The commands of the participant {@code inventory}. */
@Component
class InventoryCommandHandlers {

    private final ValidateProduct validation;
    private final ReserveStock reservation;
    private final ReleaseStock release;
    private final InventoryProperties properties;

    InventoryCommandHandlers(
            ValidateProduct validation,
            ReserveStock reservation,
            ReleaseStock release,
            InventoryProperties properties) {
        this.validation = validation;
        this.reservation = reservation;
        this.release = release;
        this.properties = properties;
    }

    @SagaCommand(value = "inventory.validate", success = "inventory.validated", failure = "inventory.failed")
    CommandResult validate(Command command, ProductOfOrder body) {
        refuseUnprocessable(body.productId());
        return validation.validate(body.productId());
    }

    @SagaCommand(value = "inventory.reserve", success = "inventory.reserved", failure = "inventory.failed")
    CommandResult reserve(Command command, StockRequest request) {
        refuseUnprocessable(request.productId());
        return reservation.reserve(command.saga(), request);
    }

    @SagaCommand(value = "inventory.release", success = "inventory.released", failure = "inventory.failed")
    CommandResult release(Command command) {
        return release.release(command.saga());
    }

    private void refuseUnprocessable(String productId) {
        if (properties.unprocessableProducts().contains(productId)) {
            throw new PoisonMessageException("unprocessable", "inventory cannot process this product");
        }
    }

    record ProductOfOrder(String productId) {}
}
