package dev.counterstep.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A payment as the API shows it.
 *
 * @param paymentId the payment
 * @param orderId the order it pays
 * @param sagaId the saga that asked for it
 * @param amount two decimals
 * @param currency ISO 4217
 * @param status where it stands
 * @param reference the gateway's name for the charge; null when none is known to have been made
 * @param reason why the gateway declined; null unless it did
 * @param createdAt when it was asked for
 * @param updatedAt when it last changed
 */
record PaymentView(
        UUID paymentId,
        String orderId,
        UUID sagaId,
        BigDecimal amount,
        String currency,
        PaymentStatus status,
        @Nullable String reference,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    static PaymentView of(Payment payment) {
        PaymentTerms terms = payment.terms();
        return new PaymentView(
                terms.id(),
                terms.orderId(),
                terms.step().sagaId(),
                terms.money().amount(),
                terms.money().currency(),
                payment.status(),
                payment.gatewayReference(),
                payment.reason(),
                terms.createdAt(),
                payment.updatedAt());
    }
}
