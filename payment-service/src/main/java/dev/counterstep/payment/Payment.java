package dev.counterstep.payment;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.Money;

/**
 * A saga step's payment: what was asked of the gateway and what it answered.
 *
 * <p>The gateway's ledger is the truth and this row follows it. Answers can arrive twice and late (the call of an action may end
 * after its compensation's), so every method takes whatever is true of the charge in any state, and none moves a payment backwards.
 * Whoever changes one locks its row.
 */
@Entity
class Payment {

    private static final String DECLINED = "payment declined by the gateway";

    @Id
    @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
    private UUID id;

    private String orderId;
    private UUID sagaId;

    @SuppressWarnings("UnusedVariable") // read by queries
    private String step;

    private String idempotencyKey;

    @Embedded
    private Money money;

    private @Nullable String paymentMethod;

    @Enumerated(EnumType.STRING)
    private PaymentStatus status;

    private @Nullable String gatewayReference;
    private @Nullable String reason;
    private Instant createdAt;
    private Instant updatedAt;

    @Version
    private long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Payment() {}

    /** The intent to charge, under the saga step's own idempotency key. */
    @SuppressWarnings("NullAway.Init") // the id comes with persisting
    Payment(SagaHeaders saga, String orderId, Money money, @Nullable String paymentMethod, Instant now) {
        this.orderId = orderId;
        this.sagaId = saga.sagaId();
        this.step = saga.step();
        this.idempotencyKey = saga.idempotencyKey();
        this.money = money;
        this.paymentMethod = paymentMethod;
        this.status = PaymentStatus.PENDING;
        this.createdAt = now;
        this.updatedAt = now;
    }

    /** What the gateway is asked: always what the intent says, also when a repeated command says something else. */
    ChargeRequest chargeRequest() {
        return new ChargeRequest(idempotencyKey, money, paymentMethod);
    }

    /** Records what became of the charge; the payment stays as it is when that is no news. */
    void chargeEnded(Charge charge, Instant now) {
        switch (status) {
            case PENDING, REFUND_PENDING -> settle(charge, now);
            case COMPLETED, REFUNDED -> require(charge.wasMade(), charge);
            case DECLINED -> require(charge.status() == Charge.Status.DECLINED, charge);
            case CANCELLED -> require(charge.status() == Charge.Status.VOIDED, charge);
        }
    }

    /** The saga compensates: from here only the gateway's answer moves the payment. */
    void refundBegins(Instant now) {
        switch (status) {
            case PENDING, COMPLETED -> moveTo(PaymentStatus.REFUND_PENDING, now);
            case REFUND_PENDING, DECLINED, REFUNDED, CANCELLED -> {}
        }
    }

    /** Records that the gateway gave the charge back. */
    void refunded(Instant now) {
        switch (status) {
            case REFUND_PENDING -> moveTo(PaymentStatus.REFUNDED, now);
            case REFUNDED -> {}
            case PENDING, COMPLETED, DECLINED, CANCELLED ->
                throw new IllegalStateException("payment %s is %s: it was never to be refunded".formatted(id, status));
        }
    }

    private void settle(Charge charge, Instant now) {
        switch (charge.status()) {
            case CHARGED -> {
                gatewayReference = charge.reference();
                if (status == PaymentStatus.PENDING) {
                    moveTo(PaymentStatus.COMPLETED, now);
                }
            }
            case DECLINED -> {
                reason = DECLINED;
                moveTo(PaymentStatus.DECLINED, now);
            }
            case VOIDED -> moveTo(PaymentStatus.CANCELLED, now);
        }
    }

    /** Time stands still rather than run backwards: the clocks of two instances differ. */
    private void moveTo(PaymentStatus next, Instant now) {
        status = next;
        updatedAt = now.isBefore(updatedAt) ? updatedAt : now;
    }

    private void require(boolean consistent, Charge charge) {
        if (!consistent) {
            throw new IllegalStateException(
                    "payment %s is %s, but the gateway says %s".formatted(id, status, charge.status()));
        }
    }

    UUID id() {
        return id;
    }

    String orderId() {
        return orderId;
    }

    UUID sagaId() {
        return sagaId;
    }

    Money money() {
        return money;
    }

    PaymentStatus status() {
        return status;
    }

    @Nullable
    String gatewayReference() {
        return gatewayReference;
    }

    /** Why the gateway declined; null unless it did. */
    @Nullable
    String reason() {
        return reason;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }
}
