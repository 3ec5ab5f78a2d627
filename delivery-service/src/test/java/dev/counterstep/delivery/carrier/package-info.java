@NullMarked
package dev.counterstep.delivery.carrier;

import org.jspecify.annotations.NullMarked;
