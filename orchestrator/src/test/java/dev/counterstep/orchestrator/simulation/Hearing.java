package dev.counterstep.orchestrator.simulation;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.simulation.ModelBroker.Partition;

/** Since when a node can hear participants, after {@code Answerability}: their replies are read, our commands are sent. */
final class Hearing {

    private static final long OUTBOX_PATIENCE = Agenda.SECOND;
    private static final long REPLY_PATIENCE = 2 * Agenda.SECOND;

    private final ModelDatabase database;
    private final ModelBroker broker;
    private final ConsumerGroup group;
    private @Nullable Map<Partition, Integer> unreadEnds;
    private long unreadAt;
    private @Nullable Long lastAt;
    private @Nullable Long readUntil;
    private @Nullable Long since;

    Hearing(ModelDatabase database, ModelBroker broker, ConsumerGroup group) {
        this.database = database;
        this.broker = broker;
        this.group = group;
    }

    /** Database time from which on participants could be heard without a break; null while they cannot be. */
    @Nullable
    Long since() {
        return readUntil == null ? null : since;
    }

    /** Every reply that was there by then has been read. */
    @Nullable
    Long until() {
        return since == null ? null : readUntil;
    }

    void observe() {
        long now = database.now();
        if (broker.isAway() || (lastAt != null && now - lastAt > REPLY_PATIENCE)) {
            unobservable();
        }
        lastAt = now;
        if (broker.isAway()) {
            return;
        }
        followReplies(now);
        if (!isSent(now) || readUntil == null || now - readUntil > REPLY_PATIENCE) {
            since = null;
        } else if (since == null) {
            since = now;
        }
    }

    private void unobservable() {
        since = null;
        unreadEnds = null;
        readUntil = null;
    }

    private void followReplies(long now) {
        Map<Partition, Integer> ends = new HashMap<>();
        group.partitions().forEach(partition -> ends.put(partition, partition.messages.size()));
        if (hasRead(ends)) {
            readUntil = now;
            unreadEnds = null;
        } else if (unreadEnds == null) {
            unreadEnds = ends;
            unreadAt = now;
        } else if (hasRead(unreadEnds)) {
            readUntil = unreadAt;
            unreadEnds = ends;
            unreadAt = now;
        }
    }

    private boolean hasRead(Map<Partition, Integer> ends) {
        return ends.entrySet().stream().allMatch(end -> group.committed(end.getKey()) >= end.getValue());
    }

    private boolean isSent(long now) {
        for (ModelDatabase.OutboxRow row : database.outbox().values()) {
            if (row.message() instanceof Message.Command) {
                return now - row.createdAt() <= OUTBOX_PATIENCE;
            }
        }
        return true;
    }
}
