/**
 * The saga {@code order-core} on other engines, each set up as its makers advise and given every advantage that durability allows:
 * no broker, no participants of their own, one process and one database.
 */
@NullMarked
package dev.counterstep.benchmark.peers;

import org.jspecify.annotations.NullMarked;
