package dev.counterstep.payment.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Stands between the service and the simulated gateway, and breaks the connection when a test wants it. */
public final class FaultyAcquirer implements PaymentGateway {

    /** When the connection breaks, once. */
    public enum Fault {
        BEFORE_THE_CHARGE,
        AFTER_THE_CHARGE,
        BEFORE_THE_REFUND,
        AFTER_THE_REFUND
    }

    private final PaymentGateway acquirer;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    FaultyAcquirer(PaymentGateway acquirer) {
        this.acquirer = acquirer;
    }

    /** The next time the connection is broken for this saga. */
    public void breakFor(UUID saga, Fault fault) {
        faults.put(saga.toString(), fault);
    }

    @Override
    public Optional<Charge> find(String key) {
        return acquirer.find(key);
    }

    @Override
    public Charge charge(ChargeRequest request) {
        breakAt(Fault.BEFORE_THE_CHARGE, request.key());
        Charge charge = acquirer.charge(request);
        breakAt(Fault.AFTER_THE_CHARGE, request.key());
        return charge;
    }

    @Override
    public Charge cancel(ChargeRequest request) {
        return acquirer.cancel(request);
    }

    @Override
    public void refund(Charge charge) {
        breakAt(Fault.BEFORE_THE_REFUND, charge.key());
        acquirer.refund(charge);
        breakAt(Fault.AFTER_THE_REFUND, charge.key());
    }

    private void breakAt(Fault point, String key) {
        if (faults.remove(key.substring(0, key.indexOf(':')), point)) {
            throw new GatewayUnreachableException("the connection broke");
        }
    }

    /** Wraps the bean that really moves the money. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class Wrapping {

        @Bean
        static BeanPostProcessor faultyAcquirer() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return name.equals("acquirer") ? new FaultyAcquirer((PaymentGateway) bean) : bean;
                }
            };
        }
    }
}
