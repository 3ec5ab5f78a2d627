/**
 * Everything in one JVM: a real PostgreSQL and a real Kafka broker, both durable, and the five services on top of them.
 * {@link dev.counterstep.quickstart.Quickstart} is the front door; nothing else depends on this package.
 */
@NullMarked
package dev.counterstep.quickstart;

import org.jspecify.annotations.NullMarked;
