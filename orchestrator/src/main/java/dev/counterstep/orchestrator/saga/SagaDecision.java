package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the core makes of an event. It has no effect until the shell has saved all of it in one transaction.
 *
 * @param next the instance after the event; the same object as before when nothing changed
 * @param entries what to append to the log, oldest first; may be empty, and may be REPLY_IGNORED only
 * @param commands what to send, one for each COMMAND_SENT entry, in their order
 * @param nextActionAt when the saga wants its timer to fire; null unless its state is active
 * @param refusal why an operator's request was not granted, null when it was; a refused request changes nothing
 */
public record SagaDecision(
        SagaInstance next,
        List<SagaLogEntry> entries,
        List<StepCommand> commands,
        @Nullable Instant nextActionAt,
        @Nullable String refusal) {

    public SagaDecision {
        entries = List.copyOf(entries);
        commands = List.copyOf(commands);
    }
}
