package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.List;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import dev.counterstep.messaging.OutboundMessage;

/**
 * Sends messages if, and only if, the business transaction commits: they are stored with it, and the relay publishes them
 * afterwards, at least once.
 *
 * <p>Messages of one key leave in the order they were appended, as long as the transactions that append them are ordered by
 * something of their own (a row lock on what the key names). Safe for use by several threads.
 */
public final class Outbox {

    private final OutboxStore store;
    private final Runnable afterCommit;

    /**
     * @param store the service's table
     * @param afterCommit called once after each transaction that appended, on its thread; returns at once
     */
    Outbox(OutboxStore store, Runnable afterCommit) {
        this.store = store;
        this.afterCommit = afterCommit;
    }

    /**
     * Appends messages, in order, in the caller's transaction and in one statement. An empty list does nothing.
     *
     * @throws IllegalStateException when no transaction is open on the outbox's database: a message without its business
     *     change, or the other way round, is what an outbox exists to prevent
     */
    public void append(List<OutboundMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        if (!store.inTransaction()) {
            throw new IllegalStateException(
                    "Outbox.append needs the transaction of the change it announces; none is open on this database");
        }
        committing().exchanges.add(store.append(messages));
    }

    /** What waits for the transaction's commit: one for each transaction, however often it appends. */
    private Committing committing() {
        Committing known = (Committing) TransactionSynchronizationManager.getResource(this);
        if (known != null) {
            return known;
        }
        Committing first = new Committing();
        TransactionSynchronizationManager.registerSynchronization(first);
        TransactionSynchronizationManager.bindResource(this, first);
        return first;
    }

    private final class Committing implements TransactionSynchronization {

        private final List<OutboxStore.Exchange> exchanges = new ArrayList<>();
        private boolean committed;

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(Outbox.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(Outbox.this, this);
        }

        @Override
        public void afterCommit() {
            committed = true;
            exchanges.forEach(exchange -> store.settle(exchange, true));
            afterCommit.run();
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(Outbox.this);
            if (!committed) {
                exchanges.forEach(exchange -> store.settle(exchange, false));
            }
        }
    }
}
