package dev.counterstep.orchestrator.simulation;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaLogEntry;

/** Table {@code participant_pause}, and a watch over attempts that nobody could answer from their first moment on. */
final class Pauses {

    private static final long LONGEST = 12 * Agenda.SECOND;

    /** A saga's wait for a participant: for its answer to a command, or, without one, until the saga's deadline. */
    private record Attempt(UUID sagaId, SagaLogEntry.@Nullable Coordinates command, String participant) {}

    /** What an attempt could not be answered for when it was sent; null when there was nothing of the kind. */
    private record Silence(
            @Nullable Integer pause, @Nullable Integer outage) {}

    private final World world;
    private final ModelBroker broker;
    private final Map<String, Integer> paused = new TreeMap<>();
    private final Map<Attempt, Silence> silent = new HashMap<>();
    private int count;

    Pauses(World world, ModelBroker broker) {
        this.world = world;
        this.broker = broker;
    }

    /** Whose commands stay in the outbox. */
    Set<String> paused() {
        return Collections.unmodifiableSet(new TreeSet<>(paused.keySet()));
    }

    /** The topics that relays leave out. */
    Set<String> heldTopics() {
        Set<String> topics = new HashSet<>();
        paused.keySet().forEach(participant -> topics.add(participant + ".commands"));
        return topics;
    }

    /** An operator pauses somebody, and resumes him later; without effect while he is paused. */
    void pause() {
        long index = world.faults.between(Fault.PARTICIPANT_PAUSED, 0, Definitions.PARTICIPANTS - 1L);
        long length = world.faults.between(Fault.PARTICIPANT_PAUSED, Agenda.SECOND, LONGEST);
        String participant = Definitions.participants().get((int) index);
        if (paused.putIfAbsent(participant, ++count) == null) {
            world.faults.seen(Fault.PARTICIPANT_PAUSED);
            world.say("operator", () -> "pauses " + participant);
            world.agenda.in(length, () -> resume(participant));
        }
    }

    private void resume(String participant) {
        if (paused.remove(participant) != null) {
            world.say("operator", () -> "resumes " + participant);
        }
    }

    /** Everybody is resumed. */
    void heal() {
        paused.clear();
    }

    /** A decision has made an entry that concerns a participant: nobody is waited for in vain who could not be heard all the while. */
    void watch(UUID sagaId, String participant, SagaLogEntry entry) {
        switch (entry.kind()) {
            case COMMAND_SENT -> begins(new Attempt(sagaId, entry.coordinates(), participant));
            case STEP_TIMED_OUT -> isOver(new Attempt(sagaId, entry.coordinates(), participant));
            case SAGA_STARTED -> begins(new Attempt(sagaId, null, participant));
            case DEADLINE_PASSED -> isOver(new Attempt(sagaId, null, participant));
            default -> {}
        }
    }

    private void begins(Attempt attempt) {
        silent.put(attempt, silence(attempt));
    }

    private Silence silence(Attempt attempt) {
        return new Silence(paused.get(attempt.participant()), broker.outageNumber());
    }

    private void isOver(Attempt attempt) {
        Silence now = silence(attempt);
        Silence then = silent.get(attempt);
        if (then != null && then.pause() != null && then.pause().equals(now.pause())) {
            violated(attempt, attempt.participant() + " was paused");
        }
        if (then != null && then.outage() != null && then.outage().equals(now.outage())) {
            violated(attempt, "the broker was away");
        }
    }

    private void violated(Attempt attempt, String why) {
        world.violated(Check.SILENCE_COUNTS_ONLY_WHEN_HEARD, attempt + " is over, and all the while " + why);
    }
}
