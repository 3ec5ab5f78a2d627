package dev.counterstep.payment;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What replies tell of a payment.
 *
 * @param paymentId the payment
 * @param reference the gateway's name for the charge; null when none was made
 */
record PaymentData(UUID paymentId, @Nullable String reference) {}
