package dev.counterstep.orchestrator.messaging;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionProperties;

/** The topics the orchestrator knows. */
@Component
final class Topics {

    private static final List<String> TOLD = List.of("saga.events", "notifications.high", "notifications.low");

    private final Set<String> participants;
    private final Set<String> events;

    Topics(DefinitionProperties allowed) {
        this.participants = allowed.participants();
        this.events = allowed.definitions().topics();
    }

    /** Where participants answer. */
    List<String> replies() {
        return participants.stream().map(OrchestratorProperties::replyTopic).toList();
    }

    /** All that may move a saga: replies, and the events that start and cancel. */
    List<String> inbound() {
        return Stream.concat(replies().stream(), events.stream()).toList();
    }

    /** All that carries messages between services. */
    List<String> all() {
        Stream<String> commands = participants.stream().map(OrchestratorProperties::commandTopic);
        return Stream.of(commands, inbound().stream(), TOLD.stream())
                .flatMap(topics -> topics)
                .distinct()
                .toList();
    }

    /** Where that is set aside which nobody could handle. */
    List<String> deadLetters() {
        return all().stream().map(topic -> topic + ".dlt").toList();
    }
}
