package dev.counterstep.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.Completion;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.PaymentGateway;
import dev.counterstep.storage.TimeOrderedIds;

/**
 * Charges the payments of saga steps: the intents, then the gateway, then its answers.
 *
 * <p>Where we may die, and what the repeated command then finds: before the intent is committed, nothing, and it starts afresh;
 * afterwards the intent, and it asks the gateway what became of the charge before it charges, under the same key.
 *
 * <p>A batch takes one statement for its intents and two for its answers, however many payments it has, and one more for the intents
 * that were there before.
 */
@Service
class ChargeService {

    private final PaymentStore payments;
    private final TimeOrderedIds ids;
    private final PaymentGateway gateway;
    private final Clock clock;
    private final Completion<Charge> completion = Completion.together(this::ended);

    ChargeService(PaymentStore payments, TimeOrderedIds ids, PaymentGateway gateway, Clock clock) {
        this.payments = payments;
        this.ids = ids;
        this.gateway = gateway;
        this.clock = clock;
    }

    List<ExternalCall<Charge>> charge(List<CommandWith<PaymentRequest>> commands) {
        Instant now = clock.instant();
        List<PaymentTerms> intents = commands.stream()
                .map(each -> each.body().intent(ids.next(), each.command().saga(), now))
                .toList();
        Set<StepKey> stored = payments.insert(intents);
        Map<StepKey, Payment> earlier = payments.lockLive(intents.stream()
                .map(PaymentTerms::step)
                .filter(step -> !stored.contains(step))
                .toList());
        return intents.stream()
                .map(intent -> stored.contains(intent.step())
                        ? call(intent, gateway::charge)
                        : call(
                                Objects.requireNonNull(earlier.get(intent.step()))
                                        .terms(),
                                this::findOrCharge))
                .toList();
    }

    private ExternalCall<Charge> call(PaymentTerms terms, Function<ChargeRequest, Charge> move) {
        ChargeRequest request = terms.chargeRequest();
        return new ExternalCall<>(() -> move.apply(request), completion);
    }

    private Charge findOrCharge(ChargeRequest request) {
        return gateway.find(request.key()).orElseGet(() -> gateway.charge(request));
    }

    private List<Outcome> ended(List<Charge> charges) {
        Map<String, Payment> asked =
                payments.lock(charges.stream().map(Charge::key).toList());
        Instant now = clock.instant();
        List<Outcome> outcomes = charges.stream()
                .map(charge -> ended(Objects.requireNonNull(asked.get(charge.key())), charge, now))
                .toList();
        payments.update(asked.values());
        return outcomes;
    }

    private static Outcome ended(Payment payment, Charge charge, Instant now) {
        payment.chargeEnded(charge, now);
        return switch (charge.status()) {
            case CHARGED -> Outcome.succeeded(new PaymentData(payment.terms().id(), charge.reference()));
            case DECLINED -> Outcome.rejected(Objects.requireNonNull(payment.reason()));
            case VOIDED -> Outcome.rejected("payment was cancelled before it was made");
        };
    }
}
