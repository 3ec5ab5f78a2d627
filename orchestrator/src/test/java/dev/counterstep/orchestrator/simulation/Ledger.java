package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.counterstep.orchestrator.saga.Phase;

/** What really happened to the business: every effect, in the order in which they became durable. The engine cannot see it. */
final class Ledger {

    /** An action or a compensation had its effect. */
    record Effect(UUID sagaId, String step, Phase phase, int generation, long at) {}

    private final List<Effect> effects = new ArrayList<>();
    private final List<Effect> bookings = new ArrayList<>();

    void record(UUID sagaId, String step, Phase phase, int generation, long at) {
        effects.add(new Effect(sagaId, step, phase, generation, at));
    }

    List<Effect> of(UUID sagaId) {
        return effects.stream().filter(effect -> effect.sagaId().equals(sagaId)).toList();
    }

    /** A participant wrote into its own books what became of an external action, or that it begins to undo it. */
    void book(UUID sagaId, String step, Phase phase, int generation, long at) {
        bookings.add(new Effect(sagaId, step, phase, generation, at));
    }

    List<Effect> bookings(UUID sagaId) {
        return bookings.stream()
                .filter(booking -> booking.sagaId().equals(sagaId))
                .toList();
    }
}
