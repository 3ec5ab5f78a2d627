package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.storage.RoundTrip;

/** Runs handlers as the listener does: in a transaction, at whose end is written what they want. */
public final class HandlerRound {

    private HandlerRound() {}

    public static <R> R run(TransactionOperations transaction, Outbox outbox, Function<Writes, R> handler) {
        return transaction.execute(status -> {
            RoundTrip statements = new RoundTrip();
            List<OutboundMessage> messages = new ArrayList<>();
            R result = handler.apply(new Writes(statements, messages));
            outbox.append(messages, statements);
            return result;
        });
    }
}
