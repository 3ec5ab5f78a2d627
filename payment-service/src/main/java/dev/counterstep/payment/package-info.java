/**
 * The payment participant: charges and refunds a saga's payment through a {@link
 * dev.counterstep.payment.gateway.PaymentGateway}, and shows the payments over REST.
 */
@NullMarked
package dev.counterstep.payment;

import org.jspecify.annotations.NullMarked;
