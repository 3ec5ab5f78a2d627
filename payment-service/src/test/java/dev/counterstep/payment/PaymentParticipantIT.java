package dev.counterstep.payment;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.ParticipantClient.Message;
import dev.counterstep.messaging.ParticipantContract;
import dev.counterstep.payment.gateway.FaultyAcquirer;
import dev.counterstep.payment.gateway.FaultyAcquirer.Fault;

import static org.assertj.core.api.Assertions.assertThat;

@PaymentServiceTest
class PaymentParticipantIT extends ParticipantContract {

    @Autowired
    FaultyAcquirer acquirer;

    @Autowired
    JdbcClient jdbc;

    @Override
    protected String participant() {
        return "payment";
    }

    @Override
    protected Sample sample(UUID sagaId) {
        return new Sample("payment.process", body(sagaId, "card"), "payment.refund", body(sagaId, "card"));
    }

    /** What the gateway's own ledger shows: charges, less those given back. */
    @Override
    protected int effects(UUID sagaId) {
        return jdbc.sql("""
                        SELECT count(*) FILTER (WHERE outcome = 'CHARGED') - count(*) FILTER (WHERE refunded_amount > 0)
                          FROM gateway_entry
                         WHERE idempotency_key LIKE :saga || ':%'
                        """)
                .param("saga", sagaId.toString())
                .query(Integer.class)
                .single();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_CHARGE", "AFTER_THE_CHARGE"})
    void chargeWhoseAnswerNeverCameIsMadeOnceByTheNextAttempt(Fault fault) {
        acquirer.breakFor(sagaId(), fault);

        Message first = client().ask(action());
        Message second = client().ask(action().attempt(2));

        assertThat(first.outcome()).isEqualTo("RETRYABLE");
        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId())).isEqualTo(1);
        assertThat(status()).isEqualTo("COMPLETED");
    }

    @Test
    void refundOfAChargeThatNeverArrivedBarsIt() {
        acquirer.breakFor(sagaId(), Fault.BEFORE_THE_CHARGE);
        assertThat(client().ask(action()).outcome()).isEqualTo("RETRYABLE");

        assertThat(client().ask(compensation()).outcome()).isEqualTo("SUCCEEDED");
        Message late = client().ask(action().attempt(2));

        assertThat(late.outcome()).isEqualTo("REJECTED");
        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("CANCELLED");
    }

    @Test
    void refundOfAChargeWhoseAnswerWasLostGivesItBack() {
        acquirer.breakFor(sagaId(), Fault.AFTER_THE_CHARGE);
        assertThat(client().ask(action()).outcome()).isEqualTo("RETRYABLE");
        assertThat(effects(sagaId())).isEqualTo(1);

        assertThat(client().ask(compensation()).outcome()).isEqualTo("SUCCEEDED");

        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("REFUNDED");
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_REFUND", "AFTER_THE_REFUND"})
    void refundWhoseAnswerNeverCameIsMadeOnceByTheNextAttempt(Fault fault) {
        assertThat(client().ask(action()).outcome()).isEqualTo("SUCCEEDED");
        acquirer.breakFor(sagaId(), fault);

        Message first = client().ask(compensation());
        Message second = client().ask(compensation().attempt(2));

        assertThat(first.outcome()).isEqualTo("RETRYABLE");
        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("REFUNDED");
    }

    @Test
    void declinedPaymentIsRejectedAndTakesNothing() {
        Message reply = client().ask(process(sagaId(), "declined"));

        assertThat(reply.outcome()).isEqualTo("REJECTED");
        assertThat(reply.header("ce_type")).isEqualTo("payment.failed");
        assertThat(reply.reason()).isEqualTo("payment declined by the gateway");
        assertThat(effects(sagaId())).isZero();
    }

    @Test
    void slowPaymentSucceeds() {
        assertThat(client().ask(process(sagaId(), "slow")).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void paymentMethodThatIsDownStopsNobodyElse() {
        for (int i = 0; i < 10; i++) {
            assertThat(client().ask(process(UUID.randomUUID(), "down")).outcome())
                    .isEqualTo("RETRYABLE");
        }

        Message refused = client().ask(process(sagaId(), "down"));
        Message refund = client().ask(compensation());
        Message other = client().ask(process(UUID.randomUUID(), "card"));

        assertThat(refused.outcome()).isEqualTo("RETRYABLE");
        assertThat(refused.header("saga-retry-after")).isEqualTo("PT5S");
        assertThat(refund.outcome()).isEqualTo("SUCCEEDED");
        assertThat(other.outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void amountThatIsNoMoneyIsADeadLetter() {
        Message reply = client().ask(CommandMessage.action(
                sagaId(), "payment.process", body(sagaId(), "card").replace("12.50", "12.505")));

        assertThat(reply.outcome()).isEqualTo("RETRYABLE");
        assertThat(client().awaitDeadLetters("saga-id", sagaId().toString(), 1))
                .extracting(letter -> letter.header("dlt-code"))
                .containsExactly("bad-amount");
    }

    private static CommandMessage process(UUID sagaId, String paymentMethod) {
        return CommandMessage.action(sagaId, "payment.process", body(sagaId, paymentMethod));
    }

    private static String body(UUID sagaId, String paymentMethod) {
        return """
                {"orderId": "order-%s", "amount": 12.50, "currency": "EUR", "paymentMethod": "%s", "quantity": 1}""".formatted(sagaId, paymentMethod);
    }

    private String status() {
        return jdbc.sql("SELECT status FROM payment WHERE saga_id = :saga")
                .param("saga", sagaId())
                .query(String.class)
                .single();
    }
}
