package dev.counterstep.messaging.participant;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.InboundMessage;

/**
 * A command that was read, understood and is not expired.
 *
 * @param message as it came, for a dead letter
 * @param command what it says
 * @param handler who handles it
 * @param body as the handler wants it, null when it takes the command alone
 */
record IncomingCommand(
        InboundMessage message,
        Command command,
        CommandHandler handler,
        @Nullable Object body) implements Work {

    @Override
    public IncomingCommand incoming() {
        return this;
    }

    InboxKey key() {
        return InboxKey.of(command.saga());
    }

    /**
     * What handlers lock is usually named by the record's key; two rounds that run their commands in the order of their keys
     * lock such rows in the same order.
     */
    String lockOrder() {
        String key = message.key();
        return key == null ? command.saga().sagaId().toString() : key;
    }
}
