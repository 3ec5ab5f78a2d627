@NullMarked
package dev.counterstep.payment.gateway;

import org.jspecify.annotations.NullMarked;
