package dev.counterstep.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.payment.gateway.Money;

/**
 * The body of {@code payment.process}.
 *
 * @param orderId the order that is paid, 1-256 characters
 * @param amount how much, at most two decimals
 * @param currency ISO 4217, EUR when absent
 * @param paymentMethod how the customer pays, 1-128 characters; absent for the gateway's default
 */
record PaymentRequest(
        String orderId,
        BigDecimal amount,
        @Nullable String currency,
        @Nullable String paymentMethod) {

    private static final String DEFAULT_CURRENCY = "EUR";
    private static final int MAX_ORDER_ID = 256;
    private static final int MAX_METHOD = 128;

    PaymentRequest {
        Assert.isTrue(hasLength(orderId, MAX_ORDER_ID), "orderId has 1-256 characters");
        Assert.isTrue(
                paymentMethod == null || hasLength(paymentMethod, MAX_METHOD), "paymentMethod has 1-128 characters");
    }

    /**
     * The payment that this asks for.
     *
     * @param id the payment's id
     * @throws PoisonMessageException when it is no amount of money: sending it again would not make it one
     */
    PaymentTerms intent(UUID id, SagaHeaders saga, Instant now) {
        return PaymentTerms.of(id, saga, orderId, money(), paymentMethod, now);
    }

    private Money money() {
        try {
            return new Money(amount, Objects.requireNonNullElse(currency, DEFAULT_CURRENCY));
        } catch (IllegalArgumentException e) {
            throw new PoisonMessageException("bad-amount", String.valueOf(e.getMessage()));
        }
    }

    private static boolean hasLength(String text, int most) {
        return !text.isEmpty() && text.length() <= most;
    }
}
