/**
 * Load: orders that are placed in a closed or an open loop, and the time each takes from there to its end. Knows nothing of
 * what accepts the orders.
 */
@NullMarked
package dev.counterstep.benchmark.load;

import org.jspecify.annotations.NullMarked;
