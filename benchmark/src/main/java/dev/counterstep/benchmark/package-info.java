/**
 * The benchmark: how fast sagas are, against a floor on the same tables and topics. {@link
 * dev.counterstep.benchmark.BenchmarkApplication} starts each system it measures in a JVM of its own, {@link
 * dev.counterstep.benchmark.SystemProcess}, and measures it from outside.
 */
@NullMarked
package dev.counterstep.benchmark;

import org.jspecify.annotations.NullMarked;
