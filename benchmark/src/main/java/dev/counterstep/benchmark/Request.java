package dev.counterstep.benchmark;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.load.Load;

/**
 * What the benchmark asks of a measured system's process, a line of JSON on its standard input. Each is answered by a line on
 * its standard output.
 *
 * @param load with {@code LOAD}, else null
 * @param file with {@code SAVE_PROFILE}, where the recording goes, else null
 */
record Request(Verb verb, @Nullable Load load, @Nullable String file) {

    /** What to do. */
    enum Verb {
        /** Start placing orders. */
        LOAD,
        /** Say what was measured since the last time, a {@link dev.counterstep.benchmark.load.LoadReport}. */
        WINDOW,
        /** Place no more orders and say whether all that are open have ended. */
        DRAIN,
        /** Say how long the JVM has compiled, in milliseconds. */
        COMPILED,
        /** Collect garbage and say how much heap is in use, in MB. */
        HEAP,
        /** Start a flight recording. */
        START_PROFILING,
        /** Write what was recorded last. */
        SAVE_PROFILE
    }

    static Request of(Verb verb) {
        return new Request(verb, null, null);
    }
}
