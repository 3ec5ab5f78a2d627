package dev.counterstep.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.PlannedConnection;
import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.Money;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection whose statements were planned when little was stored stays as good as a new one. */
class PaymentPlansIT {

    private static final int UNTIL_PLANS_ARE_KEPT = 12;
    private static final int STORED = 100_000;
    private static final int BATCH = 50;

    /** To lock each payment by its key and by its step and to store it, twice, with some to spare. */
    private static final long MOST_READ = 20L * BATCH;

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Money PRICE = new Money(new BigDecimal("12.50"), "EUR");

    private final PlannedConnection connection = new PlannedConnection("payments");
    private final TransactionTemplate transaction = connection.transaction();
    private final PaymentStore store = new PaymentStore(connection.jdbc());

    @AfterEach
    void close() {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void batchReadsNoMoreThanItsRowsHoweverFewWereStoredBefore(int few) {
        connection.analyze(); // there is nothing in it
        connection.jdbc().execute(PlannedConnection.init("payment-service"));
        fill(few);
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            lookForUnknown();
        }
        for (int i = 0; i < UNTIL_PLANS_ARE_KEPT; i++) {
            chargeAndBeginRefund(1);
        }
        fill(STORED);
        long before = connection.rowsRead("payment");

        chargeAndBeginRefund(BATCH);

        assertThat(connection.rowsRead("payment") - before).isBetween((long) BATCH, MOST_READ);
    }

    /** What a message about something that is not stored leads to. */
    private void lookForUnknown() {
        transaction.executeWithoutResult(status -> store.lockLive(List.of(intent().step())));
    }

    private void chargeAndBeginRefund(int count) {
        List<PaymentTerms> intents =
                Stream.generate(PaymentPlansIT::intent).limit(count).toList();
        List<String> keys = intents.stream().map(PaymentTerms::idempotencyKey).toList();
        List<StepKey> steps = intents.stream().map(PaymentTerms::step).toList();
        transaction.executeWithoutResult(status -> store.insert(intents));
        transaction.executeWithoutResult(status -> charged(store.lock(keys).values()));
        transaction.executeWithoutResult(
                status -> beginRefund(store.lockLive(steps).values()));
    }

    private void charged(Collection<Payment> payments) {
        payments.forEach(payment -> payment.chargeEnded(
                new Charge(payment.terms().idempotencyKey(), Charge.Status.CHARGED, "charge"), NOON));
        store.update(payments);
    }

    private void beginRefund(Collection<Payment> payments) {
        payments.forEach(payment -> payment.refundBegins(NOON));
        store.update(payments);
    }

    private static PaymentTerms intent() {
        UUID saga = UUID.randomUUID();
        return new PaymentTerms(
                UUID.randomUUID(), "order", new StepKey(saga, "pay"), saga + ":pay:1", PRICE, null, NOON);
    }

    private void fill(int count) {
        connection.jdbc().update("""
                INSERT INTO payment (id, order_id, saga_id, step, idempotency_key, amount, currency, status, created_at,
                                     updated_at, version)
                SELECT gen_random_uuid(), 'order', gen_random_uuid(), 'pay', gen_random_uuid() || ':pay:1', 12.50, 'EUR', 'PENDING', now(),
                       now(), 0
                FROM generate_series(1, ?)
                """, count);
    }
}
