package dev.counterstep.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.SagaHeaders;
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
 * <p>A batch takes two statements for its intents and two for its answers, however many payments it has.
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
        Map<StepKey, Payment> earlier = payments.lockLive(
                commands.stream().map(each -> StepKey.of(each.command().saga())).toList());
        Instant now = clock.instant();
        List<PaymentTerms> intents = new ArrayList<>();
        List<ExternalCall<Charge>> calls = new ArrayList<>();
        for (CommandWith<PaymentRequest> each : commands) {
            SagaHeaders saga = each.command().saga();
            Payment payment = earlier.get(StepKey.of(saga));
            if (payment == null) {
                PaymentTerms intent = each.body().intent(ids.next(), saga, now);
                intents.add(intent);
                calls.add(call(intent, gateway::charge));
            } else {
                calls.add(call(payment.terms(), this::findOrCharge));
            }
        }
        payments.insert(intents);
        return calls;
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
