package dev.counterstep.orchestrator.persistence;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.storage.ReadFloor;

/**
 * Before which no timer is due: those that were have been moved, and left their entries in the index.
 *
 * <p>Its positions are microseconds since 1970, and whatever lies before that is one.
 */
final class TimerFloor {

    private static final Duration FULL_LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final long EARLIEST = 1;

    private final ReadFloor floor = new ReadFloor(FULL_LOOK_INTERVAL, System.nanoTime());
    private Set<DefinitionVersion> passedOver = Set.of();

    /**
     * A look for the timer that is due first.
     *
     * @param from where it starts, as a {@code timestamptz}
     */
    record Look(long position, String from, long started) {}

    /** Begins a look that passes over the sagas of some definitions. Those that are passed over no longer may be due anywhere. */
    synchronized Look look(Collection<DefinitionVersion> except) {
        if (!except.containsAll(passedOver)) {
            floor.goBack();
        }
        passedOver = Set.copyOf(except);
        long started = System.nanoTime();
        long position = floor.next(started);
        return new Look(position, time(position), started);
    }

    /**
     * A look is done.
     *
     * @param at database time up to which it looked
     * @param due what it found, null for nothing
     */
    void found(Look look, Instant at, @Nullable Instant due) {
        long position = position(due == null ? at : due);
        if (position < look.position()) {
            // The database's clock has been set back: there was nothing to look at.
            floor.goBack();
            position = 0;
        }
        floor.found(look.position(), position, look.started(), System.nanoTime());
    }

    /** Where the next look starts that is none from the beginning, as a {@code timestamptz}. */
    String from() {
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
