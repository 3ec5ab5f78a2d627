package dev.counterstep.benchmark.load;

/** Says when orders are due. Safe for use by several threads. */
interface Pace {

    /** The answer of {@link #take} once nothing is due any more. */
    long[] NOTHING = {};

    /**
     * Waits until orders are due.
     *
     * @param most how many the caller takes at once
     * @return when each of them was due, by {@link System#nanoTime()}; {@link #NOTHING} once stopped
     */
    long[] take(int most) throws InterruptedException;

    /** An order that was taken has ended. */
    void ended();

    /** Nothing is due from now on. */
    void stop();
}
