@NullMarked
package dev.counterstep.delivery;

import org.jspecify.annotations.NullMarked;
