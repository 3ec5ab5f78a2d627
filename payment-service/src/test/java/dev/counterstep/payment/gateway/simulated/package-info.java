@NullMarked
package dev.counterstep.payment.gateway.simulated;

import org.jspecify.annotations.NullMarked;
