package dev.counterstep.payment;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.SagaCommand;

/** The commands of the participant {@code payment}. */
@Component
class PaymentCommandHandlers {

    private final ChargeService charges;
    private final RefundService refunds;

    PaymentCommandHandlers(ChargeService charges, RefundService refunds) {
        this.charges = charges;
        this.refunds = refunds;
    }

    @SagaCommand(value = "payment.process", success = "payment.completed", failure = "payment.failed")
    CommandResult process(Command command, PaymentRequest request) {
        return charges.charge(command.saga(), request);
    }

    @SagaCommand(value = "payment.refund", success = "payment.refunded", failure = "payment.failed")
    CommandResult refund(Command command) {
        return refunds.refund(command.saga());
    }
}
