package dev.counterstep.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.Money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PaymentTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = START.plusSeconds(1);
    private static final Money PRICE = new Money(new BigDecimal("99.90"), "EUR");
    private static final UUID SAGA = UUID.fromString("01900000-0000-7000-8000-000000000001");

    @Test
    void intentAsksTheGatewayUnderTheStepsKey() {
        Payment payment = in(PaymentStatus.PENDING);

        assertThat(payment.terms().chargeRequest())
                .isEqualTo(new ChargeRequest(SAGA + ":process-payment:1", PRICE, "card"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # status       | the gateway says | then
                    PENDING        , CHARGED          , COMPLETED
                    PENDING        , DECLINED         , DECLINED
                    PENDING        , VOIDED           , CANCELLED
                    COMPLETED      , CHARGED          , COMPLETED
                    COMPLETED      , DECLINED         ,
                    COMPLETED      , VOIDED           ,
                    DECLINED       , CHARGED          ,
                    DECLINED       , DECLINED         , DECLINED
                    DECLINED       , VOIDED           ,
                    REFUND_PENDING , CHARGED          , REFUND_PENDING
                    REFUND_PENDING , DECLINED         , DECLINED
                    REFUND_PENDING , VOIDED           , CANCELLED
                    REFUNDED       , CHARGED          , REFUNDED
                    REFUNDED       , DECLINED         ,
                    REFUNDED       , VOIDED           ,
                    CANCELLED      , CHARGED          ,
                    CANCELLED      , DECLINED         ,
                    CANCELLED      , VOIDED           , CANCELLED
                    """)
    void everyAnswerOfTheGatewayInEveryStatus(PaymentStatus status, Charge.Status answer, PaymentStatus then) {
        Payment payment = in(status);

        if (then == null) {
            assertThatIllegalStateException().isThrownBy(() -> payment.chargeEnded(charge(answer), LATER));
            assertThat(payment.status()).isEqualTo(status);
        } else {
            payment.chargeEnded(charge(answer), LATER);
            assertThat(payment.status()).isEqualTo(then);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, REFUND_PENDING",
        "COMPLETED, REFUND_PENDING",
        "REFUND_PENDING, REFUND_PENDING",
        "DECLINED, DECLINED",
        "REFUNDED, REFUNDED",
        "CANCELLED, CANCELLED"
    })
    void refundBeginsOnlyWhereMoneyMayHaveBeenTaken(PaymentStatus status, PaymentStatus then) {
        Payment payment = in(status);

        payment.refundBegins(LATER);

        assertThat(payment.status()).isEqualTo(then);
    }

    @ParameterizedTest
    @EnumSource(PaymentStatus.class)
    void onlyABegunRefundIsRecorded(PaymentStatus status) {
        Payment payment = in(status);

        switch (status) {
            case REFUND_PENDING, REFUNDED -> {
                payment.refunded(LATER);
                assertThat(payment.status()).isEqualTo(PaymentStatus.REFUNDED);
            }
            case PENDING, COMPLETED, DECLINED, CANCELLED ->
                assertThatIllegalStateException()
                        .isThrownBy(() -> payment.refunded(LATER))
                        .withMessageContaining(status.name());
        }
    }

    @Test
    void chargeFoundWhileRefundingKeepsItsReference() {
        Payment payment = in(PaymentStatus.REFUND_PENDING);

        payment.chargeEnded(charge(Charge.Status.CHARGED), LATER);
        payment.refunded(LATER);

        assertThat(payment.gatewayReference()).isEqualTo("ch_1");
    }

    @Test
    void declinedPaymentSaysWhy() {
        assertThat(in(PaymentStatus.DECLINED).reason()).isEqualTo("payment declined by the gateway");
        assertThat(in(PaymentStatus.COMPLETED).reason()).isNull();
    }

    @Test
    void updateTimeNeverRunsBackwards() {
        Payment payment = in(PaymentStatus.PENDING);

        payment.refundBegins(START.minusSeconds(5));

        assertThat(payment.updatedAt()).isEqualTo(START);
    }

    @Test
    void onlyNewsChangesAPayment() {
        var terms = in(PaymentStatus.PENDING).terms();
        var completed = new Payment(terms, PaymentStatus.COMPLETED, "ch_1", null, START, 1);
        var refunding = new Payment(terms, PaymentStatus.REFUND_PENDING, null, null, START, 1);

        completed.chargeEnded(charge(Charge.Status.CHARGED), LATER);
        refunding.refundBegins(LATER);
        assertThat(completed.isChanged()).isFalse();
        assertThat(refunding.isChanged()).isFalse();

        completed.refundBegins(LATER);
        refunding.chargeEnded(charge(Charge.Status.CHARGED), LATER);
        assertThat(completed.isChanged()).isTrue();
        assertThat(refunding.isChanged()).isTrue();
    }

    @Test
    void noNewsLeavesTheUpdateTimeAlone() {
        Payment payment = in(PaymentStatus.COMPLETED);

        payment.chargeEnded(charge(Charge.Status.CHARGED), LATER.plusSeconds(60));

        assertThat(payment.updatedAt()).isEqualTo(LATER);
    }

    private static Payment in(PaymentStatus status) {
        var saga = new SagaHeaders(SAGA, "order-fulfilment:1", "process-payment", Phase.ACTION, 1, 1, null, null);
        var terms = PaymentTerms.of(new UUID(0, 1), saga, "order-1", PRICE, "card", START);
        var payment = new Payment(terms, PaymentStatus.PENDING, null, null, START, 0);
        answerOnTheWayTo(status).ifPresent(answer -> payment.chargeEnded(charge(answer), LATER));
        if (status == PaymentStatus.REFUND_PENDING || status == PaymentStatus.REFUNDED) {
            payment.refundBegins(LATER);
        }
        if (status == PaymentStatus.REFUNDED) {
            payment.refunded(LATER);
        }
        assertThat(payment.status()).isEqualTo(status);
        return payment;
    }

    private static Optional<Charge.Status> answerOnTheWayTo(PaymentStatus status) {
        return switch (status) {
            case PENDING, REFUND_PENDING -> Optional.empty();
            case COMPLETED, REFUNDED -> Optional.of(Charge.Status.CHARGED);
            case DECLINED -> Optional.of(Charge.Status.DECLINED);
            case CANCELLED -> Optional.of(Charge.Status.VOIDED);
        };
    }

    private static Charge charge(Charge.Status status) {
        return new Charge(SAGA + ":process-payment:1", status, status == Charge.Status.CHARGED ? "ch_1" : null);
    }
}
