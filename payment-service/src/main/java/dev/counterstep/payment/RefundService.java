package dev.counterstep.payment;

import java.time.Clock;
import java.util.UUID;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.PaymentGateway;

/**
 * Undoes a saga step's payment, whatever became of it.
 *
 * <p>The charge may still be on its way to the gateway, from a process that we cannot stop and that may be dead. So the charge's key
 * is cancelled first: either no money can be taken under it any more, or it was taken already and is given back.
 */
@Service
class RefundService {

    private final PaymentRepository payments;
    private final PaymentGateway gateway;
    private final Clock clock;

    RefundService(PaymentRepository payments, PaymentGateway gateway, Clock clock) {
        this.payments = payments;
        this.gateway = gateway;
        this.clock = clock;
    }

    CommandResult refund(SagaHeaders saga) {
        return payments.lockLive(saga.sagaId(), saga.step()).map(this::refund).orElseGet(Outcome::succeeded);
    }

    private CommandResult refund(Payment payment) {
        payment.refundBegins(clock.instant());
        UUID id = payment.id();
        ChargeRequest request = payment.chargeRequest();
        return new ExternalCall<>(() -> undo(request), charge -> undone(id, charge));
    }

    private Charge undo(ChargeRequest request) {
        Charge charge = gateway.cancel(request);
        if (charge.wasMade()) {
            gateway.refund(charge);
        }
        return charge;
    }

    private Outcome undone(UUID id, Charge charge) {
        Payment payment = payments.lock(id);
        payment.chargeEnded(charge, clock.instant());
        if (charge.wasMade()) {
            payment.refunded(clock.instant());
        }
        return Outcome.succeeded(new PaymentData(id, charge.reference()));
    }
}
