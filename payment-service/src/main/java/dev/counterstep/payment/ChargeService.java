package dev.counterstep.payment;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
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
 * Charges a saga step's payment: the intent, then the gateway, then its answer.
 *
 * <p>Where we may die, and what the repeated command then finds: before the intent is committed, nothing, and it starts afresh;
 * afterwards the intent, and it asks the gateway what became of the charge before it charges, under the same key.
 */
@Service
class ChargeService {

    private final PaymentRepository payments;
    private final PaymentGateway gateway;
    private final Clock clock;

    ChargeService(PaymentRepository payments, PaymentGateway gateway, Clock clock) {
        this.payments = payments;
        this.gateway = gateway;
        this.clock = clock;
    }

    CommandResult charge(SagaHeaders saga, PaymentRequest request) {
        Optional<Payment> earlier = payments.lockLive(saga.sagaId(), saga.step());
        Payment payment = earlier.orElseGet(() -> payments.save(request.intent(saga, clock.instant())));
        UUID id = payment.id();
        ChargeRequest charge = payment.chargeRequest();
        return new ExternalCall<>(
                () -> earlier.isPresent() ? findOrCharge(charge) : gateway.charge(charge), answer -> ended(id, answer));
    }

    private Charge findOrCharge(ChargeRequest request) {
        return gateway.find(request.key()).orElseGet(() -> gateway.charge(request));
    }

    private Outcome ended(UUID id, Charge charge) {
        Payment payment = payments.lock(id);
        payment.chargeEnded(charge, clock.instant());
        return switch (charge.status()) {
            case CHARGED -> Outcome.succeeded(new PaymentData(id, charge.reference()));
            case DECLINED -> Outcome.rejected(Objects.requireNonNull(payment.reason()));
            case VOIDED -> Outcome.rejected("payment was cancelled before it was made");
        };
    }
}
