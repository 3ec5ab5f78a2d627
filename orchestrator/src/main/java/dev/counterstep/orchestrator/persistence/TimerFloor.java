package dev.counterstep.orchestrator.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.storage.TimeFloor;

/** Before which no timer is due: those that were have been moved, and left their entries in the index. */
final class TimerFloor {

    private static final Duration FULL_LOOK_INTERVAL = Duration.ofSeconds(1);

    private final TimeFloor floor = new TimeFloor(FULL_LOOK_INTERVAL);
    private Set<DefinitionVersion> passedOver = Set.of();

    /** Begins a look that passes over the sagas of some definitions. Those that are passed over no longer may be due anywhere. */
    synchronized TimeFloor.Look look(Collection<DefinitionVersion> except) {
        if (!except.containsAll(passedOver)) {
            floor.goBack();
        }
        passedOver = Set.copyOf(except);
        return floor.look();
    }

    /** A look is done, see {@link TimeFloor#found}. */
    void found(TimeFloor.Look look, Instant at, @Nullable Instant due) {
        floor.found(look, at, due);
    }

    /** Where the next look starts that is none from the beginning, as a {@code timestamptz}. */
    String from() {
        return floor.from();
    }
}
