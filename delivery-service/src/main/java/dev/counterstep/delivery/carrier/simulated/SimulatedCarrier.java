package dev.counterstep.delivery.carrier.simulated;

import java.util.List;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;

/** Stands in for a real carrier: refuses the address {@code undeliverable}, accepts any other, and moves its parcels by the clock. */
@Component("haulier")
@EnableConfigurationProperties(SimulatedCarrierProperties.class)
final class SimulatedCarrier implements Carrier {

    private static final String UNDELIVERABLE = "undeliverable";

    private final CarrierLedger ledger;

    SimulatedCarrier(CarrierLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public List<Booking> find(List<String> keys) {
        return ledger.find(keys);
    }

    @Override
    public Booking book(BookingRequest request) {
        return ledger.enter(request.key(), UNDELIVERABLE.equals(request.address()));
    }

    @Override
    public Booking cancel(String key) {
        return ledger.cancel(key);
    }
}
