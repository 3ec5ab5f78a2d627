package dev.counterstep.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * A {@link ReadFloor} of times, for looks at what is first: before which there is nothing any more.
 *
 * <p>Its positions are microseconds since 1970, and whatever lies before that is one. Safe for use by several threads.
 */
public final class TimeFloor {

    private static final long EARLIEST = 1;

    private final ReadFloor floor;

    /**
     * The first look is one from the beginning.
     *
     * @param interval between two looks from the beginning, as long as they are quick
     */
    public TimeFloor(Duration interval) {
        this.floor = new ReadFloor(interval, System.nanoTime());
    }

    /**
     * A look for what is first.
     *
     * @param position where it starts, 0 for the beginning
     * @param from the same as a {@code timestamptz}
     * @param started when, by {@code System.nanoTime}
     */
    public record Look(long position, String from, long started) {}

    /** Begins a look. */
    public Look look() {
        long started = System.nanoTime();
        long position = floor.next(started);
        return new Look(position, time(position), started);
    }

    /**
     * A look is done.
     *
     * @param at database time up to which it looked
     * @param first what it found, null for nothing
     */
    public void found(Look look, Instant at, @Nullable Instant first) {
        long position = position(first == null ? at : first);
        if (position < look.position()) {
            // The database's clock has been set back: there was nothing to look at.
            floor.goBack();
            position = 0;
        }
        floor.found(look.position(), position, look.started(), System.nanoTime());
    }

    /** There may be something anywhere: the next look is one from the beginning. */
    public void goBack() {
        floor.goBack();
    }

    /** Where the next look starts that is none from the beginning, as a {@code timestamptz}. */
    public String from() {
        return time(floor.floor());
    }

    private static long position(Instant time) {
        return time.isAfter(Instant.EPOCH) ? ChronoUnit.MICROS.between(Instant.EPOCH, time) : EARLIEST;
    }

    private static String time(long position) {
        return position > EARLIEST
                ? Instant.EPOCH.plus(position, ChronoUnit.MICROS).toString()
                : "-infinity";
    }
}
