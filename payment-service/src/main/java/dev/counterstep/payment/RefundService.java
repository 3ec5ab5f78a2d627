package dev.counterstep.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.Completion;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.PaymentGateway;

/**
 * Undoes the payments of saga steps, whatever became of them.
 *
 * <p>A charge may still be on its way to the gateway, from a process that we cannot stop and that may be dead. So the charge's key
 * is cancelled first: either no money can be taken under it any more, or it was taken already and is given back.
 *
 * <p>A batch takes two statements for its intents and two for its answers, however many payments it has.
 */
@Service
class RefundService {

    private final PaymentStore payments;
    private final PaymentGateway gateway;
    private final Clock clock;
    private final Completion<Charge> completion = Completion.together(this::undone);

    RefundService(PaymentStore payments, PaymentGateway gateway, Clock clock) {
        this.payments = payments;
        this.gateway = gateway;
        this.clock = clock;
    }

    List<CommandResult> refund(List<Command> commands) {
        Map<StepKey, Payment> live = payments.lockLive(
                commands.stream().map(command -> StepKey.of(command.saga())).toList());
        Instant now = clock.instant();
        live.values().forEach(payment -> payment.refundBegins(now));
        payments.update(live.values());
        return commands.stream()
                .map(command -> refund(live.get(StepKey.of(command.saga()))))
                .toList();
    }

    private CommandResult refund(@Nullable Payment payment) {
        if (payment == null) {
            return Outcome.succeeded();
        }
        ChargeRequest request = payment.terms().chargeRequest();
        return new ExternalCall<>(() -> undo(request), completion);
    }

    private Charge undo(ChargeRequest request) {
        Charge charge = gateway.cancel(request);
        if (charge.wasMade()) {
            gateway.refund(charge);
        }
        return charge;
    }

    private List<Outcome> undone(List<Charge> charges) {
        Map<String, Payment> asked =
                payments.lock(charges.stream().map(Charge::key).toList());
        Instant now = clock.instant();
        List<Outcome> outcomes = charges.stream()
                .map(charge -> undone(Objects.requireNonNull(asked.get(charge.key())), charge, now))
                .toList();
        payments.update(asked.values());
        return outcomes;
    }

    private static Outcome undone(Payment payment, Charge charge, Instant now) {
        payment.chargeEnded(charge, now);
        if (charge.wasMade()) {
            payment.refunded(now);
        }
        return Outcome.succeeded(new PaymentData(payment.terms().id(), charge.reference()));
    }
}
