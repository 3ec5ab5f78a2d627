package dev.counterstep.messaging.participant;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.SagaHeaders;

/**
 * A command that the barrier let through to its handler.
 *
 * @param incoming the command as it came
 * @param row its open row, of an earlier generation than the command's when that one is resumed
 */
record Admitted(IncomingCommand incoming, InboxKey row) {

    /** The command under the generation that it is run. */
    Command command() {
        Command command = incoming.command();
        SagaHeaders saga = command.saga();
        if (saga.generation() == row.generation()) {
            return command;
        }
        SagaHeaders under = new SagaHeaders(
                saga.sagaId(),
                saga.definition(),
                saga.step(),
                saga.phase(),
                row.generation(),
                saga.attempt(),
                saga.expiresAt(),
                saga.replyTo());
        return new Command(
                command.id(), command.type(), under, command.correlationId(), command.traceparent(), command.body());
    }
}
