package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A service's PostgreSQL: row locks, transactions that are seen as a whole or not at all, an outbox whose ids are taken before they
 * are seen, a lease. What was committed is never lost. What the tables hold is their owners' business.
 */
final class ModelDatabase {

    /** What a client learns of its transaction. */
    enum Result {
        COMMITTED,
        /** An error. It may have been committed all the same. */
        FAILED,
        /** It was not committed, for somebody else was faster. */
        CONFLICT
    }

    /** A row of table {@code outbox}. */
    record OutboxRow(long id, long createdAt, Message message) {}

    private static final long SHORTEST = 300;
    private static final long LONGEST = 3 * Agenda.MILLI;
    private static final long LONGEST_SLOW = 9 * Agenda.SECOND;

    final String name;

    private final World world;
    private final Map<Object, ModelTransaction> held = new HashMap<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final NavigableMap<Long, OutboxRow> outbox = new TreeMap<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private long lastOutboxId;
    private long clockOffset;
    private int open;
    private @Nullable Node leaseHolder;
    private long leaseUntil;

    ModelDatabase(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** Database time. */
    long now() {
        return world.now() + clockOffset;
    }

    void stepClock(long by) {
        world.say(name, () -> "the database's clock jumps by " + by / Agenda.MILLI + " ms");
        clockOffset += by;
    }

    /**
     * Runs a transaction.
     *
     * @param rows what it locks, all at once, before it reads anything
     * @param work reads, and says what to write
     * @param after what the client does when it has its answer; never called when the client dies
     */
    void transact(Node client, Collection<?> rows, Consumer<ModelTransaction> work, Consumer<Result> after) {
        if (isAnyHeld(rows)) {
            Runnable again = client.inThisLife(() -> transact(client, rows, work, after));
            waiting.add(() -> world.agenda.in(1, again));
            return;
        }
        long duration = world.dice.between(SHORTEST, LONGEST);
        if (world.faults.strike(Fault.SLOW_TRANSACTION)) {
            duration += world.faults.between(Fault.SLOW_TRANSACTION, Agenda.SECOND, LONGEST_SLOW);
        }
        ModelTransaction transaction = new ModelTransaction(this, client, rows, duration);
        rows.forEach(row -> held.put(row, transaction));
        client.opened(transaction);
        open++;
        work.accept(transaction);
        if (!transaction.isOver()) {
            client.in(transaction.duration(), () -> end(transaction, after));
        }
    }

    private void end(ModelTransaction transaction, Consumer<Result> after) {
        Node client = transaction.client();
        if (transaction.isOver()) {
            return;
        }
        if (client.diesAt(Fault.CRASH_BEFORE_COMMIT)) {
            return;
        }
        if (world.faults.strike(Fault.FAILED_COMMIT)) {
            world.say(client.name, () -> "its transaction is rolled back");
            transaction.rollBack();
            after.accept(Result.FAILED);
            return;
        }
        if (!transaction.commit()) {
            after.accept(Result.CONFLICT);
        } else if (world.faults.strike(Fault.UNKNOWN_COMMIT)) {
            world.say(client.name, () -> "does not learn that it committed");
            after.accept(Result.FAILED);
        } else if (!client.diesAt(Fault.CRASH_AFTER_COMMIT)) {
            goOn(transaction, after);
        }
    }

    private static void goOn(ModelTransaction transaction, Consumer<Result> after) {
        Runnable continuation = transaction.continuation();
        if (continuation == null) {
            after.accept(Result.COMMITTED);
        } else {
            continuation.run();
        }
    }

    private boolean isAnyHeld(Collection<?> rows) {
        for (Object row : rows) {
            if (held.containsKey(row)) {
                return true;
            }
        }
        return false;
    }

    boolean isHeld(Object row) {
        return held.containsKey(row);
    }

    /** True when no transaction is open. */
    boolean isQuiet() {
        return open == 0;
    }

    void release(ModelTransaction transaction) {
        open--;
        transaction.rows().forEach(row -> held.remove(row, transaction));
        List<Runnable> woken = List.copyOf(waiting);
        waiting.clear();
        woken.forEach(Runnable::run);
    }

    long nextOutboxId() {
        return ++lastOutboxId;
    }

    void appended(OutboxRow row) {
        outbox.put(row.id(), row);
    }

    /** The rows that can be seen now, oldest first. */
    NavigableMap<Long, OutboxRow> outbox() {
        return outbox;
    }

    /** The broker has a row's message: nothing else entitles a relay to remove it. */
    void acknowledged(OutboxRow row) {
        acknowledged.add(row.id());
    }

    /** Lets a relay remove rows, and looks at which it removes. */
    void remove(Runnable removal) {
        Map<Long, OutboxRow> before = new TreeMap<>(outbox);
        removal.run();
        before.keySet().removeAll(outbox.keySet());
        before.forEach((id, row) -> {
            if (!acknowledged.remove(id)) {
                world.violated(
                        Check.ROW_STAYS_UNTIL_IT_IS_SENT,
                        name + " removes row " + id + " unsent: "
                                + row.message().id());
            }
        });
    }

    /** Takes or keeps the relay's lease, by database time. */
    boolean lease(Node who, long length) {
        if (leaseHolder != null && leaseHolder != who && now() < leaseUntil) {
            return false;
        }
        leaseHolder = who;
        leaseUntil = now() + length;
        return true;
    }
}
