package dev.counterstep.delivery.carrier.simulated;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.Booking.Status;
import dev.counterstep.delivery.carrier.simulated.CarrierLedger.Entry;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;

/** The simulated carrier's books, on a real database. */
class CarrierLedgerIT {

    private static final StatementCounter counter = new StatementCounter();
    private static CarrierLedger ledger;
    private static CarrierLedger ledgerOfAFastCarrier;

    @BeforeAll
    static void open() {
        DataSource counted =
                counter.on(TestInfrastructure.newDatabase("deliveries").dataSource());
        JdbcTemplate jdbc = new JdbcTemplate(counted);
        var ids = new TimeOrderedIds(Clock.systemUTC());
        ledger = new CarrierLedger(jdbc, ids, new SimulatedCarrierProperties(Duration.ofHours(1)));
        ledgerOfAFastCarrier = new CarrierLedger(jdbc, ids, new SimulatedCarrierProperties(Duration.ZERO));
    }

    @Test
    void entriesAreMadeTogether() {
        List<Entry> hundred =
                Stream.generate(() -> new Entry(newKey(), false)).limit(100).toList();
        List<Booking> bookings = new ArrayList<>();

        assertThat(counter.during(() -> bookings.addAll(ledger.enter(hundred)))).isEqualTo(1);
        assertThat(counter.during(() -> assertThat(ledger.enter(hundred)).isEqualTo(bookings)))
                .isEqualTo(2);
        assertThat(bookings)
                .extracting(Booking::key)
                .containsExactlyElementsOf(hundred.stream().map(Entry::key).toList());
        assertThat(bookings).extracting(Booking::status).containsOnly(Status.BOOKED);
        assertThat(bookings)
                .extracting(Booking::trackingNumber)
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @Test
    void bookingsAreCancelledTogether() {
        List<String> hundred =
                Stream.generate(CarrierLedgerIT::newKey).limit(100).toList();
        ledger.enter(
                hundred.stream().limit(50).map(key -> new Entry(key, false)).toList());
        List<Booking> cancelled = new ArrayList<>();

        assertThat(counter.during(() -> cancelled.addAll(ledger.cancel(hundred))))
                .isEqualTo(1);
        assertThat(cancelled).extracting(Booking::key).containsExactlyElementsOf(hundred);
        assertThat(cancelled).extracting(Booking::status).containsOnly(Status.CANCELLED);
        assertThat(ledger.cancel(hundred)).isEqualTo(cancelled);
    }

    @Test
    void firstEntryOfAKeyCounts() {
        String known = newKey();
        String raced = newKey();
        ledger.cancel(known);

        List<Booking> bookings = ledger.enter(List.of(
                new Entry(raced, true), new Entry(known, false), new Entry(newKey(), false), new Entry(raced, false)));

        assertThat(bookings)
                .extracting(Booking::status)
                .containsExactly(Status.REFUSED, Status.CANCELLED, Status.BOOKED, Status.REFUSED);
    }

    @Test
    void onlyWhatIsNotOnItsWayIsCancelled() {
        String booked = newKey();
        String refused = newKey();
        String unheardOf = newKey();
        ledger.enter(booked, false);
        ledger.enter(refused, true);

        assertThat(ledgerOfAFastCarrier.cancel(booked).status()).isEqualTo(Status.DELIVERED);
        assertThat(ledger.cancel(List.of(refused, unheardOf, booked, unheardOf)))
                .extracting(Booking::status)
                .containsExactly(Status.REFUSED, Status.CANCELLED, Status.CANCELLED, Status.CANCELLED);
    }

    @Test
    void bookingIsAnsweredByTheClock() {
        assertThat(ledgerOfAFastCarrier.enter(newKey(), false).status()).isEqualTo(Status.DELIVERED);
    }

    /** Each key is booked and cancelled at once, several times; whoever is first, it ends cancelled, under one number. */
    @Test
    void concurrentCallersAgree() throws Exception {
        List<String> keys = Stream.generate(CarrierLedgerIT::newKey).limit(20).toList();
        List<Callable<Booking>> calls = new ArrayList<>();
        for (String key : keys) {
            calls.addAll(List.of(
                    () -> ledger.enter(key, false),
                    () -> ledger.cancel(key),
                    () -> ledger.enter(key, false),
                    () -> ledger.cancel(key)));
        }
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try {
            var numbers = new HashSet<String>();
            for (Future<Booking> call : callers.invokeAll(calls)) {
                numbers.add(call.get().key() + call.get().trackingNumber());
            }
            assertThat(numbers).hasSize(keys.size());
            assertThat(ledger.find(List.copyOf(keys)))
                    .hasSameSizeAs(keys)
                    .allSatisfy(booking -> assertThat(booking.status()).isEqualTo(Status.CANCELLED));
        } finally {
            callers.shutdownNow();
        }
    }

    private static String newKey() {
        return UUID.randomUUID() + ":deliver:1";
    }
}
