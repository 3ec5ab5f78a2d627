package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Where the relay starts to read: a hint that saves work, never a cursor that is believed.
 *
 * <p>Removed rows stay in the index until vacuum may take them, and while a long transaction holds vacuum back each read from
 * the beginning walks over all of them. So most reads start at the highest id that was read {@link #TRAIL} ago. Ids do not
 * become visible in order: a transaction that stayed open longer than that commits below the floor. Therefore a read from
 * the beginning follows at least every {@code interval}, unless it has become slow: then it may take one part in
 * {@link #FULL_READ_SHARE} of the time. And rows that reads leave out are passed over, until they are to be read again:
 * {@link #goBack}. Reads from the beginning go on until one has come up to where the floor is going.
 *
 * <p>Time is an argument, in nanoseconds of {@code System.nanoTime}. Used by the relay's thread only.
 */
final class ReadFloor {

    static final Duration TRAIL = Duration.ofSeconds(1);
    static final int FULL_READ_SHARE = 20;

    private static final long MARK_EVERY = TRAIL.toNanos() / 10;

    private record Mark(long at, long id) {}

    private final long interval;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long floor;
    private boolean back;
    private long fullReadDue;

    ReadFloor(Duration interval, long now) {
        this.interval = interval.toNanos();
        this.fullReadDue = now;
    }

    /** The id to start at; 0 when a read from the beginning is due. */
    long next(long now) {
        long current = floor(now);
        return isBeginningDue(now) ? 0 : current;
    }

    /** The id to start at when no read from the beginning is due. */
    long floor(long now) {
        while (!marks.isEmpty() && now - marks.peekFirst().at() >= TRAIL.toNanos()) {
            floor = marks.pollFirst().id();
        }
        return floor;
    }

    /** Whether a read from the beginning is due: nothing else may be sent before it. */
    boolean isBeginningDue(long now) {
        return back || now - fullReadDue >= 0;
    }

    /**
     * A read is done.
     *
     * @param from where it started
     * @param highest the last id that it saw, 0 for none
     * @param full whether it stopped there because of its limit
     */
    void read(long from, long highest, boolean full, long started, long now) {
        if (from == 0 && (!full || highest >= highestPassed())) {
            back = false;
            fullReadDue = now + Math.max(interval, (now - started) * FULL_READ_SHARE);
        }
        if (highest > 0 && (marks.isEmpty() || now - marks.peekLast().at() >= MARK_EVERY)) {
            marks.addLast(new Mark(now, highest));
        }
    }

    /** Where the floor is going to be. */
    private long highestPassed() {
        return Math.max(floor, marks.stream().mapToLong(Mark::id).max().orElse(0));
    }

    /** Rows that were left out may be read from now on, or are not known to have been removed. */
    void goBack() {
        back = true;
    }
}
