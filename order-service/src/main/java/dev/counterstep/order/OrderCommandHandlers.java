package dev.counterstep.order;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.SagaCommand;
import dev.counterstep.messaging.participant.Writes;
import dev.counterstep.order.customer.ValidateCustomer;

/** The commands of the participant {@code order}, each handled for all sagas at once that sent it. */
@Component
class OrderCommandHandlers {

    private final ValidateCustomer validation;
    private final EndOrders ends;
    private final OrderStore orders;

    OrderCommandHandlers(ValidateCustomer validation, EndOrders ends, OrderStore orders) {
        this.validation = validation;
        this.ends = ends;
        this.orders = orders;
    }

    /** The first command of an order's saga, and so the one we learn the saga's id from. */
    @SagaCommand(value = "customer.validate", success = "customer.validated", failure = "customer.failed")
    List<? extends CommandResult> validateCustomers(List<CommandWith<CustomerOfOrder>> commands) {
        var sagas = new LinkedHashMap<UUID, UUID>();
        for (var command : commands) {
            OrderIds.parse(command.body().orderId())
                    .ifPresent(
                            id -> sagas.putIfAbsent(id, command.command().saga().sagaId()));
        }
        orders.learnSagas(sagas);
        return validation.validate(
                commands.stream().map(command -> command.body().customerId()).toList());
    }

    @SagaCommand(value = "order.complete", success = "order.completed", failure = "order.failed")
    List<? extends CommandResult> complete(List<CommandWith<OrderRef>> commands, Writes writes) {
        return ends.complete(commands, writes);
    }

    @SagaCommand(value = "order.cancel", success = "order.cancelled", failure = "order.failed", withoutAction = true)
    List<? extends CommandResult> cancel(List<CommandWith<OrderRef>> commands, Writes writes) {
        return ends.cancel(commands, writes);
    }

    record CustomerOfOrder(String orderId, String customerId) {}
}
