/**
 * The port to the carrier, and the circuit breaker in front of whoever implements it.
 */
@NullMarked
package dev.counterstep.delivery.carrier;

import org.jspecify.annotations.NullMarked;
