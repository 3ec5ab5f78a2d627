package dev.counterstep.payment;

import java.util.List;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.SagaCommand;
import dev.counterstep.payment.gateway.Charge;

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
    List<ExternalCall<Charge>> process(List<CommandWith<PaymentRequest>> commands) {
        return charges.charge(commands);
    }

    @SagaCommand(value = "payment.refund", success = "payment.refunded", failure = "payment.failed")
    List<CommandResult> refund(List<Command> commands) {
        return refunds.refund(commands);
    }
}
