/** The product under load. */
@NullMarked
package dev.counterstep.benchmark.product;

import org.jspecify.annotations.NullMarked;
