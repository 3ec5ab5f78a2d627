package dev.counterstep.payment.gateway.simulated;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.GatewayUnreachableException;
import dev.counterstep.payment.gateway.PaymentGateway;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Stands in for a real gateway. Payment methods choose how a charge ends: {@code declined} is refused, {@code slow} takes its time
 * and succeeds, {@code down} never answers; any other succeeds but for {@code payment.simulated.decline-rate}.
 */
@Component("acquirer")
@EnableConfigurationProperties(SimulatedGatewayProperties.class)
final class SimulatedGateway implements PaymentGateway {

    private final GatewayLedger ledger;
    private final SimulatedGatewayProperties properties;

    SimulatedGateway(GatewayLedger ledger, SimulatedGatewayProperties properties) {
        this.ledger = ledger;
        this.properties = properties;
    }

    @Override
    public Optional<Charge> find(String key) {
        return ledger.find(key);
    }

    @Override
    public Charge charge(ChargeRequest request) {
        String method = request.method() == null ? "" : request.method();
        return switch (method) {
            case "down" -> throw new GatewayUnreachableException("the payment gateway cannot be reached");
            case "declined" -> ledger.enter(request, Charge.Status.DECLINED);
            case "slow" -> {
                pause(properties.slowDelay());
                yield ledger.enter(request, Charge.Status.CHARGED);
            }
            default ->
                ledger.enter(
                        request,
                        declines(request.key(), properties.declineRate())
                                ? Charge.Status.DECLINED
                                : Charge.Status.CHARGED);
        };
    }

    @Override
    public Charge cancel(ChargeRequest request) {
        return ledger.enter(request, Charge.Status.VOIDED);
    }

    @Override
    public void refund(Charge charge) {
        ledger.refund(charge);
    }

    /** Random over the keys, yet always the same for one key. */
    static boolean declines(String key, double rate) {
        var hash = new CRC32();
        hash.update(key.getBytes(UTF_8));
        return hash.getValue() < rate * (1L << Integer.SIZE);
    }

    private static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayUnreachableException("the payment gateway was interrupted");
        }
    }
}
