/**
 * The port to the payment gateway, and the circuit breakers in front of whoever implements it.
 */
@NullMarked
package dev.counterstep.payment.gateway;

import org.jspecify.annotations.NullMarked;
