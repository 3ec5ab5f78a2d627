@NullMarked
package dev.counterstep.payment;

import org.jspecify.annotations.NullMarked;
