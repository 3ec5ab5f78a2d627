package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaLogEntry.Detail;

/** A decision while it is being made: each entry is folded into the instance at once. */
final class Draft {

    private final SagaDefinition definition;
    private final Now now;
    private final List<SagaLogEntry> entries = new ArrayList<>();
    private final List<StepCommand> commands = new ArrayList<>();
    private SagaInstance saga;

    Draft(SagaDefinition definition, SagaInstance saga, Now now) {
        this.definition = definition;
        this.saga = saga;
        this.now = now;
    }

    /** A draft that begins with the saga itself. */
    static Draft starting(SagaDefinition definition, SagaEvent.StartRequested start, Now now) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(Detail.DEFINITION, definition.name());
        detail.put(Detail.VERSION, definition.version());
        detail.put(Detail.BUSINESS_KEY, start.businessKey());
        detail.put(Detail.INPUT, start.input());
        detail.put(Detail.CORRELATION_ID, start.origin().correlationId());
        if (start.origin().traceparent() != null) {
            detail.put(Detail.TRACEPARENT, start.origin().traceparent());
        }
        if (definition.timeout() != null) {
            detail.put(Detail.DEADLINE_AT, now.at().plus(definition.timeout()).toString());
        }
        SagaLogEntry started =
                new SagaLogEntry(now.at(), LogKind.SAGA_STARTED, null, start.messageId(), start.actor(), detail);
        Draft draft = new Draft(definition, SagaFold.begin(start.sagaId(), definition, started), now);
        draft.entries.add(started);
        return draft;
    }

    SagaDefinition definition() {
        return definition;
    }

    SagaInstance saga() {
        return saga;
    }

    Now now() {
        return now;
    }

    Instant at() {
        return now.at();
    }

    /** Appends an entry of the orchestrator's own doing. */
    void append(LogKind kind, SagaLogEntry.@Nullable Coordinates where, Map<String, Object> detail) {
        append(kind, where, null, SagaLogEntry.ORCHESTRATOR, detail);
    }

    void append(
            LogKind kind,
            SagaLogEntry.@Nullable Coordinates where,
            @Nullable String messageId,
            String actor,
            Map<String, Object> detail) {
        SagaLogEntry entry = new SagaLogEntry(now.at(), kind, where, messageId, actor, detail);
        entries.add(entry);
        saga = SagaFold.apply(saga, entry);
    }

    /** Sends a command, and logs that it was sent. */
    void send(StepCommand command, Instant dueAt) {
        commands.add(command);
        append(LogKind.COMMAND_SENT, command.coordinates(), Map.of(Detail.DUE_AT, dueAt.toString()));
    }

    SagaDecision decision(@Nullable Instant nextActionAt) {
        return new SagaDecision(saga, entries, commands, nextActionAt, null);
    }

    /** Nothing changes; the reason goes to whoever asked. */
    SagaDecision refused(@Nullable Instant nextActionAt, String why) {
        return new SagaDecision(saga, List.of(), List.of(), nextActionAt, why);
    }
}
