package dev.counterstep.messaging.outbox;

import java.time.Duration;

/** The relay's {@link ReadFloor}, for simulations in other modules. Times are nanoseconds of any clock that only goes forward. */
public final class ModelFloor {

    private final ReadFloor floor;

    /** A relay that begins now. */
    public ModelFloor(Duration interval, long now) {
        this.floor = new ReadFloor(interval, now);
    }

    /** The id to start reading at; 0 for the beginning. */
    public long next(long now) {
        return floor.next(now);
    }

    /** A read is done, and saw ids up to {@code highest}, or none (0); {@code full}: there it reached its limit. */
    public void read(long from, long highest, boolean full, long started, long now) {
        floor.read(from, highest, full, started, now);
    }

    /** Rows that were left out may be read from now on. */
    public void goBack() {
        floor.goBack();
    }
}
