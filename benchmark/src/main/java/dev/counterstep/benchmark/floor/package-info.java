/** The floor: the product's rows and messages, written by hand with plain JDBC and kafka-clients, and nothing between. */
@NullMarked
package dev.counterstep.benchmark.floor;

import org.jspecify.annotations.NullMarked;
