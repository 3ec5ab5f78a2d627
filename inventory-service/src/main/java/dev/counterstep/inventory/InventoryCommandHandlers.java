package dev.counterstep.inventory;

import java.util.List;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.SagaCommand;
import dev.counterstep.messaging.participant.Writes;

/** The commands of the participant {@code inventory}, each handled for all sagas at once that sent it. */
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
    List<? extends CommandResult> validate(List<CommandWith<ProductOfOrder>> commands) {
        var productIds =
                commands.stream().map(command -> command.body().productId()).toList();
        refuseUnprocessable(productIds);
        return validation.validate(productIds);
    }

    @SagaCommand(value = "inventory.reserve", success = "inventory.reserved", failure = "inventory.failed")
    List<? extends CommandResult> reserve(List<CommandWith<StockRequest>> commands, Writes writes) {
        refuseUnprocessable(
                commands.stream().map(command -> command.body().productId()).toList());
        return reservation.reserve(commands, writes);
    }

    @SagaCommand(value = "inventory.release", success = "inventory.released", failure = "inventory.failed")
    List<? extends CommandResult> release(List<Command> commands, Writes writes) {
        return release.release(commands, writes);
    }

    /** The listener then tries each command alone, and sets aside those that are to blame. */
    private void refuseUnprocessable(List<String> productIds) {
        if (productIds.stream().anyMatch(properties.unprocessableProducts()::contains)) {
            throw new PoisonMessageException("unprocessable", "inventory cannot process this product");
        }
    }

    record ProductOfOrder(String productId) {}
}
