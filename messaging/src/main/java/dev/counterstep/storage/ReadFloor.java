package dev.counterstep.storage;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Where to start reading an index whose first entries keep going away: a hint that saves work, never a cursor that is believed.
 *
 * <p>Removed rows stay in the index until vacuum may take them, and while a long transaction holds vacuum back each read from
 * the beginning walks over all of them. So most reads start at a floor: the highest position that was read at least {@link #TRAIL}
 * before the last read began. Positions do not become visible in order: a transaction that stayed open longer than that commits
 * below the floor. Therefore a read from the beginning follows at least every {@code interval}, unless it has become slow: then
 * it may take one part in {@link #FULL_READ_SHARE} of the time.
 *
 * <p>A position is a number above zero: an id, or a time in microseconds. Two kinds of readers use it. One works through all rows and
 * tells how far it has come, {@link #read}: rows that it leaves out are passed over, until they are to be read again,
 * {@link #goBack}; then reads from the beginning go on until one has come up to where the floor is going. The other looks for the
 * first row only, {@link #found}: the floor stays at a row for as long as it is there.
 *
 * <p>Time is an argument, in nanoseconds of {@code System.nanoTime}. Safe for use by several threads.
 */
public final class ReadFloor {

    /** Whoever commits within this time of taking a position is never passed over. */
    public static final Duration TRAIL = Duration.ofSeconds(1);

    static final int FULL_READ_SHARE = 20;

    private static final long MARK_EVERY = TRAIL.toNanos() / 10;

    private record Mark(long at, long position) {}

    private final long interval;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long floor;
    private boolean back;
    private long fullReadDue;
    private long lastStarted;

    /**
     * The first read is one from the beginning.
     *
     * @param interval between two reads from the beginning, as long as they are quick
     */
    public ReadFloor(Duration interval, long now) {
        this.interval = interval.toNanos();
        this.fullReadDue = now;
        this.lastStarted = now;
    }

    /** The position to start at; 0 when a read from the beginning is due. */
    public synchronized long next(long now) {
        return isBeginningDue(now) ? 0 : floor();
    }

    /** The position to start at when no read from the beginning is due. */
    public synchronized long floor() {
        while (!marks.isEmpty() && lastStarted - marks.peekFirst().at() >= TRAIL.toNanos()) {
            floor = marks.pollFirst().position();
        }
        return floor;
    }

    /** Whether a read from the beginning is due: nothing else may be sent before it. */
    public synchronized boolean isBeginningDue(long now) {
        return back || now - fullReadDue >= 0;
    }

    /**
     * A read is done.
     *
     * @param from where it started
     * @param highest the last position that it saw, 0 for none
     * @param full whether it stopped there because of its limit
     */
    public synchronized void read(long from, long highest, boolean full, long started, long now) {
        lastStarted = started - lastStarted > 0 ? started : lastStarted;
        if (from == 0 && (!full || highest >= highestPassed())) {
            back = false;
            fullReadDue = now + Math.max(interval, (now - started) * FULL_READ_SHARE);
        }
        if (highest > 0 && (marks.isEmpty() || now - marks.peekLast().at() >= MARK_EVERY)) {
            marks.addLast(new Mark(now, highest));
        }
    }

    /**
     * A look for the first row is done.
     *
     * @param from where it started
     * @param first the position below which there is none: the row's, or how far it looked in vain; 0 when it cannot tell
     */
    public synchronized void found(long from, long first, long started, long now) {
        if (first > 0) {
            marks.removeIf(mark -> mark.position() > first);
            floor = Math.min(floor, first);
        }
        read(from, first, false, started, now);
    }

    /** Where the floor is going to be. */
    private long highestPassed() {
        return Math.max(floor, marks.stream().mapToLong(Mark::position).max().orElse(0));
    }

    /** Rows that were left out may be read from now on, or are not known to have been removed. */
    public synchronized void goBack() {
        back = true;
    }
}
