package dev.counterstep.messaging.participant;

import java.util.List;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.storage.RoundTrip;

/**
 * What a handler wants written together with the outcomes of its commands: at the end of their transaction, in one round trip with
 * the inbox and the replies. The handler does not see what it added. When a statement fails, or throws at the count that it hears,
 * nothing of the transaction has happened, and each of the commands is tried alone, as when the handler throws. For the thread that the
 * handler runs on, until it returns.
 */
public final class Writes {

    private final RoundTrip statements;
    private final List<OutboundMessage> messages;

    /**
     * @param statements where those are added
     * @param messages where those are added
     */
    public Writes(RoundTrip statements, List<OutboundMessage> messages) {
        this.statements = statements;
        this.messages = messages;
    }

    /** Where statements are added. They run in their order, and before another handler does. */
    public RoundTrip statements() {
        return statements;
    }

    /** Sends messages, ahead of the replies: stored by the transaction, and published once it has committed. */
    public void append(List<OutboundMessage> added) {
        messages.addAll(added);
    }
}
