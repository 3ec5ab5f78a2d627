package dev.counterstep.payment;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.counterstep.payment.gateway.Charge;

/**
 * A saga step's payment: what was asked of the gateway and what it answered.
 *
 * <p>The gateway's ledger is the truth and this row follows it. Answers can arrive twice and late (the call of an action may end
 * after its compensation's), so every method takes whatever is true of the charge in any state, and none moves a payment backwards.
 * Whoever changes one locks its row.
 */
final class Payment {

    private static final String DECLINED = "payment declined by the gateway";

    private final PaymentTerms terms;
    private final long version;
    private PaymentStatus status;
    private @Nullable String gatewayReference;
    private @Nullable String reason;
    private Instant updatedAt;
    private boolean changed;

    /** A payment as it was stored. */
    Payment(
            PaymentTerms terms,
            PaymentStatus status,
            @Nullable String gatewayReference,
            @Nullable String reason,
            Instant updatedAt,
            long version) {
        this.terms = terms;
        this.status = status;
        this.gatewayReference = gatewayReference;
        this.reason = reason;
        this.updatedAt = updatedAt;
        this.version = version;
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
                throw new IllegalStateException(
                        "payment %s is %s: it was never to be refunded".formatted(terms.id(), status));
        }
    }

    private void settle(Charge charge, Instant now) {
        switch (charge.status()) {
            case CHARGED -> {
                gatewayReference = charge.reference();
                changed = true;
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
        changed = true;
    }

    private void require(boolean consistent, Charge charge) {
        if (!consistent) {
            throw new IllegalStateException(
                    "payment %s is %s, but the gateway says %s".formatted(terms.id(), status, charge.status()));
        }
    }

    /** What was asked of the gateway. */
    PaymentTerms terms() {
        return terms;
    }

    PaymentStatus status() {
        return status;
    }

    /** The gateway's name for the charge; null unless it is known to have been made. */
    @Nullable
    String gatewayReference() {
        return gatewayReference;
    }

    /** Why the gateway declined; null unless it did. */
    @Nullable
    String reason() {
        return reason;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    /** How often it was changed before it was read. */
    long version() {
        return version;
    }

    /** Whether it is no longer what was read. */
    boolean isChanged() {
        return changed;
    }
}
