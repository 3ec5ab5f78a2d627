/**
 * What participants share when they talk to systems outside their database: circuit breakers, and how an open one is answered.
 */
@NullMarked
package dev.counterstep.messaging.external;

import org.jspecify.annotations.NullMarked;
