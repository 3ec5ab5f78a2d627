package dev.counterstep.delivery.carrier;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Stands between the service and the simulated carrier, and breaks the connection when a test wants it. */
public final class FaultyHaulier implements Carrier {

    /** When the connection breaks, once. */
    public enum Fault {
        BEFORE_THE_BOOKING,
        AFTER_THE_BOOKING,
        BEFORE_THE_CANCELLATION,
        AFTER_THE_CANCELLATION
    }

    private final Carrier haulier;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    FaultyHaulier(Carrier haulier) {
        this.haulier = haulier;
    }

    /** The next time the connection is broken for this saga. */
    public void breakFor(UUID saga, Fault fault) {
        faults.put(saga.toString(), fault);
    }

    @Override
    public List<Booking> find(List<String> keys) {
        return haulier.find(keys);
    }

    @Override
    public Booking book(BookingRequest request) {
        breakAt(Fault.BEFORE_THE_BOOKING, request.key());
        Booking booking = haulier.book(request);
        breakAt(Fault.AFTER_THE_BOOKING, request.key());
        return booking;
    }

    @Override
    public Booking cancel(String key) {
        breakAt(Fault.BEFORE_THE_CANCELLATION, key);
        Booking booking = haulier.cancel(key);
        breakAt(Fault.AFTER_THE_CANCELLATION, key);
        return booking;
    }

    private void breakAt(Fault point, String key) {
        if (faults.remove(key.substring(0, key.indexOf(':')), point)) {
            throw new CarrierUnreachableException("the connection broke");
        }
    }

    /** Wraps the bean that really brings the parcels. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class Wrapping {

        @Bean
        static BeanPostProcessor faultyHaulier() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return name.equals("haulier") ? new FaultyHaulier((Carrier) bean) : bean;
                }
            };
        }
    }
}
