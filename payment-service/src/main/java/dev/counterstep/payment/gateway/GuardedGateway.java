package dev.counterstep.payment.gateway;

import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.external.ExternalSystem;

/**
 * Puts circuit breakers in front of a gateway.
 *
 * <p>Charges have one circuit per payment method: behind the gateway each method is another company's system, and one that is down
 * must not stop the customers of the others. Queries, cancellations and refunds share a circuit which no failing charge can open,
 * because compensation has to go on just then.
 */
final class GuardedGateway implements PaymentGateway {

    private static final String SETTLEMENT = "settlement";

    /** What may name a circuit, and so appear in logs and metrics. No digits: a caller may well send us a card number. */
    private static final Pattern METHOD_NAME = Pattern.compile("[a-z_-]{1,32}");

    private final PaymentGateway gateway;
    private final ExternalSystem system;

    GuardedGateway(PaymentGateway gateway, ExternalSystem system) {
        this.gateway = gateway;
        this.system = system;
    }

    @Override
    public Optional<Charge> find(String key) {
        return system.call(SETTLEMENT, () -> gateway.find(key));
    }

    @Override
    public Charge charge(ChargeRequest request) {
        return system.call(circuitFor(request.method()), () -> gateway.charge(request));
    }

    @Override
    public Charge cancel(ChargeRequest request) {
        return system.call(SETTLEMENT, () -> gateway.cancel(request));
    }

    @Override
    public void refund(Charge charge) {
        system.call(SETTLEMENT, () -> {
            gateway.refund(charge);
            return charge;
        });
    }

    private static String circuitFor(@Nullable String method) {
        boolean named = method != null && METHOD_NAME.matcher(method).matches();
        return named ? "charge-" + method : "charge";
    }
}
