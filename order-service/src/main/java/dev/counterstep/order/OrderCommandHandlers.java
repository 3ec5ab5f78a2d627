package dev.counterstep.order;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.SagaCommand;
import dev.counterstep.order.customer.ValidateCustomer;

/** The commands of the participant {@code order}. */
@Component
class OrderCommandHandlers {

    private final ValidateCustomer validation;
    private final CompleteOrder completion;
    private final CancelOrder cancellation;
    private final OrderRepository orders;

    OrderCommandHandlers(
            ValidateCustomer validation, CompleteOrder completion, CancelOrder cancellation, OrderRepository orders) {
        this.validation = validation;
        this.completion = completion;
        this.cancellation = cancellation;
        this.orders = orders;
    }

    /** The first command of an order's saga, and so the one we learn the saga's id from. */
    @SagaCommand(value = "customer.validate", success = "customer.validated", failure = "customer.failed")
    CommandResult validateCustomer(Command command, CustomerOfOrder body) {
        OrderIds.parse(body.orderId())
                .ifPresent(id -> orders.learnSaga(id, command.saga().sagaId()));
        return validation.validate(body.customerId());
    }

    @SagaCommand(value = "order.complete", success = "order.completed", failure = "order.failed")
    CommandResult complete(Command command, OrderRef order) {
        return completion.complete(command, order);
    }

    @SagaCommand(value = "order.cancel", success = "order.cancelled", failure = "order.failed", withoutAction = true)
    CommandResult cancel(Command command, OrderRef order) {
        return cancellation.cancel(command, order);
    }

    record CustomerOfOrder(String orderId, String customerId) {}
}
