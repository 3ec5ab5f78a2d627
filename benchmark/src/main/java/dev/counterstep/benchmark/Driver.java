package dev.counterstep.benchmark;

import java.time.Duration;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadReport;

/** Whoever loads a measured system: a load generator in its JVM, or one over here that uses its REST API. For one thread. */
interface Driver extends AutoCloseable {

    /** Starts placing orders; those placed before must have ended. */
    void start(Load load) throws InterruptedException;

    /** What was measured since this was last called, or since the start. */
    LoadReport window() throws InterruptedException;

    /** Places no more orders, and waits for those that are open; false when some have not ended in time. */
    boolean drain() throws InterruptedException;

    /**
     * Places no more orders, and lets all that are open end.
     *
     * @throws IllegalStateException when some have not ended in time
     */
    default void requireDrained() throws InterruptedException {
        if (!drain()) {
            throw new IllegalStateException("some orders did not end within " + DRAIN_LIMIT.toSeconds() + " s");
        }
    }

    @Override
    void close();

    /** How long to wait for open orders to end. */
    Duration DRAIN_LIMIT = Duration.ofMinutes(2);
}
