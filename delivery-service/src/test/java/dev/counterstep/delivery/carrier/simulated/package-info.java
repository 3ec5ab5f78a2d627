@NullMarked
package dev.counterstep.delivery.carrier.simulated;

import org.jspecify.annotations.NullMarked;
