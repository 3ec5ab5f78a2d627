package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionProperties;
import dev.counterstep.orchestrator.persistence.ParticipantStore;
import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;

/**
 * Who does the steps, and whether they are sent any.
 *
 * <p>While a participant is paused its commands stay in the outbox, on whichever node the relay is, and it counts as one that
 * cannot be heard: the clocks that wait for it stand still. What was sent before may still be done and answered, and counts.
 * Other nodes know of a pause within one look at whether participants can be heard.
 */
@Service
public class Participants {

    private final DefinitionProperties allowed;
    private final ParticipantStore store;
    private final Answerability answerability;

    Participants(DefinitionProperties allowed, ParticipantStore store, Answerability answerability) {
        this.allowed = allowed;
        this.store = store;
        this.answerability = answerability;
    }

    /**
     * A participant.
     *
     * @param name what definitions call it
     * @param pause null while it is not paused
     * @param waitingCommands how many commands to it are in the outbox
     * @param heardSince since when, as far as this node knows, it could be heard without a break; null while it cannot be
     */
    public record Participant(
            String name,
            @Nullable Pause pause,
            long waitingCommands,
            @Nullable Instant heardSince) {}

    /** All participants, by name. */
    public List<Participant> list() {
        Map<String, Pause> paused = store.paused();
        Map<String, Long> waiting = store.waiting();
        return allowed.participants().stream()
                .sorted()
                .map(name -> new Participant(
                        name,
                        paused.get(name),
                        waiting.getOrDefault(OrchestratorProperties.commandTopic(name), 0L),
                        answerability.heardSince(name)))
                .toList();
    }

    /** Holds back new commands to a participant; without effect while it is paused. Empty when there is no such participant. */
    public Optional<Participant> pause(String name, String actor, String reason) {
        if (allowed.participants().contains(name)) {
            store.pause(name, actor, reason);
        }
        return find(name);
    }

    /** Lets commands to a participant go again; without effect unless it is paused. Empty when there is no such participant. */
    public Optional<Participant> resume(String name, String actor, String reason) {
        if (allowed.participants().contains(name)) {
            store.resume(name, actor, reason);
        }
        return find(name);
    }

    /** By participant, the pauses that last. */
    public Map<String, Pause> paused() {
        return store.paused();
    }

    private Optional<Participant> find(String name) {
        return list().stream()
                .filter(participant -> participant.name().equals(name))
                .findFirst();
    }
}
