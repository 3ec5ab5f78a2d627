package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.storage.RoundTrip;

/**
 * Sends messages if, and only if, the business transaction commits: they are stored with it, and the relay publishes them
 * afterwards, at least once.
 *
 * <p>Messages of one key leave in the order they were appended, as long as the transactions that append them are ordered by
 * something of their own (a row lock on what the key names). Safe for use by several threads.
 */
public final class Outbox {

    private final OutboxStore store;
    private final Relaying relaying;

    /**
     * @param store the service's table
     * @param relaying told once after each transaction that appended
     */
    Outbox(OutboxStore store, Relaying relaying) {
        this.store = store;
        this.relaying = relaying;
    }

    /**
     * Appends messages, in order, in the caller's transaction and in one statement. An empty list does nothing.
     *
     * @throws IllegalStateException when no transaction is open on the outbox's database: a message without its business
     *     change, or the other way round, is what an outbox exists to prevent
     */
    public void append(List<OutboundMessage> messages) {
        append(messages, new RoundTrip());
    }

    /**
     * Appends messages as {@link #append(List)} does, in one round trip with other statements on the same database.
     *
     * @param before statements that are run first, whether there are messages or not
     * @throws IllegalStateException when no transaction is open on the outbox's database
     */
    public void append(List<OutboundMessage> messages, RoundTrip before) {
        if (messages.isEmpty() && before.isEmpty()) {
            return;
        }
        if (!store.inTransaction()) {
            throw new IllegalStateException(
                    "Outbox.append needs the transaction of the change it announces; none is open on this database");
        }
        if (messages.isEmpty()) {
            store.run(before);
        } else {
            committing().exchanges.add(store.append(messages, relaying.request().get(), before));
        }
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
        private final Map<Object, Integer> savepoints = new HashMap<>();
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
        public void savepoint(Object savepoint) {
            savepoints.put(savepoint, exchanges.size());
        }

        /** What came after it did not happen: all of it, when it is older than our first append. */
        @Override
        public void savepointRollback(Object savepoint) {
            List<OutboxStore.Exchange> undone =
                    exchanges.subList(savepoints.getOrDefault(savepoint, 0), exchanges.size());
            undone.forEach(exchange -> store.settle(exchange, false));
            undone.clear();
        }

        @Override
        public void afterCommit() {
            committed();
        }

        private void committed() {
            committed = true;
            exchanges.forEach(exchange -> store.settle(exchange, true));
            relaying.appended().accept(read());
        }

        /** What the last append read: all that the earlier ones did, and more. */
        private @Nullable OutboxRead read() {
            if (exchanges.isEmpty()) {
                return null;
            }
            OutboxRead last = exchanges.get(exchanges.size() - 1).read();
            List<OutboxRow> appended = exchanges.stream()
                    .flatMap(exchange -> exchange.appended().stream())
                    .toList();
            return last != null && last.isCommitted(appended) ? last : null;
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(Outbox.this);
            if (committed) {
                return;
            }
            if (status == STATUS_COMMITTED) {
                committed(); // afterCommit of somebody else failed before it came to ours
            } else {
                exchanges.forEach(exchange -> store.settle(exchange, false));
            }
        }
    }
}
