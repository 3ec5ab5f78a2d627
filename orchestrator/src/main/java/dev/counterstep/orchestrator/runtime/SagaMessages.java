package dev.counterstep.orchestrator.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.StepCommand;

/** Puts decisions into messages. */
@Component
class SagaMessages {

    static final String EVENT_TOPIC = "saga.events";

    private static final String SOURCE = "/orchestrator";

    private final MessageCodec codec;

    SagaMessages(MessageCodec codec) {
        this.codec = codec;
    }

    /** @throws IllegalArgumentException when a command is over a limit of the wire protocol */
    List<OutboundMessage> commands(SagaDefinition definition, SagaInstance saga, List<StepCommand> commands) {
        return commands.stream()
                .map(command -> command(definition, saga, command))
                .toList();
    }

    private OutboundMessage command(SagaDefinition definition, SagaInstance saga, StepCommand command) {
        SagaLogEntry.Coordinates to = command.coordinates();
        SagaHeaders headers = new SagaHeaders(
                saga.id(),
                definition.reference(),
                to.step(),
                Phase.valueOf(Objects.requireNonNull(to.phase()).name()),
                to.generation(),
                to.attempt(),
                command.expiresAt(),
                OrchestratorProperties.replyTopic(command.participant()));
        return codec.encode(
                new Command(
                        headers.commandId(),
                        command.type(),
                        headers,
                        saga.origin().correlationId(),
                        saga.origin().traceparent(),
                        codec.write(command.payload())),
                OrchestratorProperties.commandTopic(command.participant()),
                command.key());
    }

    /**
     * What the world is told of the entries a batch adds to a saga's log.
     *
     * @param version the version the batch stores: it makes the events' ids unique, and the same again should they be made again
     */
    List<OutboundMessage> events(SagaInstance saga, long version, List<SagaLogEntry> entries) {
        List<OutboundMessage> events = new ArrayList<>();
        for (SagaLogEntry entry : entries) {
            String type = eventType(entry);
            if (type != null) {
                String id = "%s:%d:%d".formatted(saga.id(), version, events.size());
                events.add(event(saga, entry, type, id));
            }
        }
        return events;
    }

    private OutboundMessage event(SagaInstance saga, SagaLogEntry entry, String type, String id) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("sagaId", saga.id().toString());
        body.put("definition", saga.definition());
        body.put("definitionVersion", saga.definitionVersion());
        body.put("businessKey", saga.businessKey());
        if (saga.failureReason() != null) {
            body.put("reason", saga.failureReason());
        }
        if (saga.failureStep() != null) {
            body.put("step", saga.failureStep());
        }
        String sagaId = saga.id().toString();
        Event event = new Event(
                id,
                type,
                SOURCE,
                sagaId,
                entry.at(),
                saga.origin().correlationId(),
                saga.origin().traceparent(),
                codec.write(body));
        return codec.encode(event, EVENT_TOPIC, sagaId);
    }

    private static @Nullable String eventType(SagaLogEntry entry) {
        return switch (entry.kind()) {
            case SAGA_STARTED -> "saga.started";
            case COMPENSATION_STARTED -> "saga.compensating";
            case SAGA_COMPLETED -> "saga.completed";
            case SAGA_COMPENSATED -> "saga.compensated";
            case SAGA_STUCK -> "saga.stuck";
            case COMMAND_SENT,
                    REPLY_RECEIVED,
                    REPLY_IGNORED,
                    RETRY_SCHEDULED,
                    STEP_TIMED_OUT,
                    STEP_SKIPPED,
                    DEADLINE_PASSED,
                    SAGA_ABANDONED,
                    OPERATOR_ACTION -> null;
        };
    }

    /** The message as a dead letter. */
    OutboundMessage deadLetter(InboundMessage message, PoisonMessageException why) {
        return codec.deadLetter(message, why);
    }
}
