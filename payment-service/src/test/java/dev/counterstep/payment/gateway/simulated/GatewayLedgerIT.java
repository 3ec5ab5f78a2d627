package dev.counterstep.payment.gateway.simulated;

import java.math.BigDecimal;
import java.time.Clock;
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

import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.Charge.Status;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.Money;
import dev.counterstep.payment.gateway.simulated.GatewayLedger.Entry;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The simulated gateway's books, on a real database. */
class GatewayLedgerIT {

    private static final Money PRICE = new Money(new BigDecimal("12.50"), "EUR");

    private static final StatementCounter counter = new StatementCounter();
    private static GatewayLedger ledger;

    @BeforeAll
    static void open() {
        DataSource counted =
                counter.on(TestInfrastructure.newDatabase("payments").dataSource());
        ledger = new GatewayLedger(new JdbcTemplate(counted), new TimeOrderedIds(Clock.systemUTC()));
    }

    @Test
    void entriesAreMadeTogether() {
        List<Entry> hundred = Stream.generate(() -> new Entry(request(newKey()), Status.CHARGED))
                .limit(100)
                .toList();
        List<Charge> charges = new ArrayList<>();

        assertThat(counter.during(() -> charges.addAll(ledger.enter(hundred)))).isEqualTo(1);
        assertThat(counter.during(() -> assertThat(ledger.enter(hundred)).isEqualTo(charges)))
                .isEqualTo(2);
        assertThat(charges)
                .extracting(Charge::key)
                .containsExactlyElementsOf(
                        hundred.stream().map(entry -> entry.request().key()).toList());
        assertThat(charges).extracting(Charge::reference).doesNotContainNull().doesNotHaveDuplicates();
    }

    @Test
    void firstEntryOfAKeyCounts() {
        ChargeRequest known = request(newKey());
        ChargeRequest raced = request(newKey());
        ledger.enter(known, Status.DECLINED);

        List<Charge> charges = ledger.enter(List.of(
                new Entry(raced, Status.VOIDED),
                new Entry(known, Status.CHARGED),
                new Entry(request(newKey()), Status.CHARGED),
                new Entry(raced, Status.CHARGED)));

        assertThat(charges)
                .extracting(Charge::status)
                .containsExactly(Status.VOIDED, Status.DECLINED, Status.CHARGED, Status.VOIDED);
    }

    /** Each key is charged and cancelled at once, several times; whoever is first, all are told the same. */
    @Test
    void concurrentCallersAgree() throws Exception {
        List<Callable<Charge>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ChargeRequest request = request(newKey());
            for (Status status : List.of(Status.CHARGED, Status.VOIDED, Status.CHARGED, Status.VOIDED)) {
                calls.add(() -> ledger.enter(request, status));
            }
        }
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try {
            var answers = new HashSet<Charge>();
            for (Future<Charge> call : callers.invokeAll(calls)) {
                answers.add(call.get());
            }
            assertThat(answers).hasSize(20);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void onlyWhatWasChargedIsRefunded() {
        Charge charged = ledger.enter(request(newKey()), Status.CHARGED);
        Charge declined = ledger.enter(request(newKey()), Status.DECLINED);

        ledger.refund(charged);
        ledger.refund(charged);

        assertThatIllegalStateException().isThrownBy(() -> ledger.refund(declined));
    }

    private static ChargeRequest request(String key) {
        return new ChargeRequest(key, PRICE, null);
    }

    private static String newKey() {
        return UUID.randomUUID() + ":pay:1";
    }
}
