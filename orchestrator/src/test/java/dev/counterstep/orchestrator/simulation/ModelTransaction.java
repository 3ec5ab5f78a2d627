package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/** What a process wants to write. Nobody else sees any of it before the commit, and nobody ever does after a rollback. */
final class ModelTransaction {

    private final ModelDatabase database;
    private final Node client;
    private final Collection<?> rows;
    private final List<Runnable> writes = new ArrayList<>();
    private final List<BooleanSupplier> conditions = new ArrayList<>();
    private @Nullable Runnable continuation;
    private long duration;
    private boolean over;

    ModelTransaction(ModelDatabase database, Node client, Collection<?> rows, long duration) {
        this.database = database;
        this.client = client;
        this.rows = rows;
        this.duration = duration;
    }

    Node client() {
        return client;
    }

    Collection<?> rows() {
        return rows;
    }

    void write(Runnable write) {
        writes.add(write);
    }

    /** Without this the commit is refused. */
    void require(BooleanSupplier condition) {
        conditions.add(condition);
    }

    /** Appends to the outbox: the id is taken now, the row is seen after the commit. */
    void append(Message message) {
        long id = database.nextOutboxId();
        long createdAt = database.now();
        write(() -> database.appended(new ModelDatabase.OutboxRow(id, createdAt, message)));
    }

    /** What the client does after the commit, before it counts its work as done. */
    void then(Runnable next) {
        continuation = next;
    }

    @Nullable
    Runnable continuation() {
        return continuation;
    }

    void takes(long longer) {
        duration += longer;
    }

    long duration() {
        return duration;
    }

    boolean isOver() {
        return over;
    }

    /** False when a condition does not hold; then nothing is written. */
    boolean commit() {
        boolean allowed = conditions.stream().allMatch(BooleanSupplier::getAsBoolean);
        if (allowed) {
            writes.forEach(Runnable::run);
        }
        end();
        return allowed;
    }

    void rollBack() {
        if (!over) {
            end();
        }
    }

    private void end() {
        over = true;
        database.release(this);
        client.closed(this);
    }
}
