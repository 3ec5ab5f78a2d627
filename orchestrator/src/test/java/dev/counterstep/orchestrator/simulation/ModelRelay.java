package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.counterstep.orchestrator.simulation.ModelDatabase.OutboxRow;
import dev.counterstep.storage.ReadFloor;

/**
 * The relay's thread: takes or keeps the lease, reads the oldest rows, sends them, removes what was acknowledged. It asks for its
 * lease before it reads and never afterwards, so that after a pause two relays work at once.
 */
final class ModelRelay {

    private static final long INTERVAL = Agenda.SECOND;
    private static final long LEASE = 4 * Agenda.SECOND;
    private static final int BATCH = 6;
    private static final long LONGEST_SEND = 4 * Agenda.MILLI;

    private final World world;
    private final Node node;
    private final ModelDatabase database;
    private final ModelBroker broker;
    private final Set<ModelRelay> atWork;
    private final Supplier<Set<String>> heldTopics;
    private Set<String> held = Set.of();
    private ReadFloor floor;
    private long leaseRenewedAt;
    private boolean holding;
    private boolean busy;
    private int passes;
    private long cursor;

    /**
     * {@code atWork}: the relays of this database that have read and not yet removed. {@code heldTopics}: asked before each batch,
     * as {@code HeldTopics} is.
     */
    ModelRelay(
            World world,
            Node node,
            ModelDatabase database,
            ModelBroker broker,
            Set<ModelRelay> atWork,
            Supplier<Set<String>> heldTopics) {
        this.world = world;
        this.node = node;
        this.database = database;
        this.broker = broker;
        this.atWork = atWork;
        this.heldTopics = heldTopics;
        this.floor = new ReadFloor(Duration.ofSeconds(1), 0);
        node.onStart(this::start);
        node.onDeath(() -> atWork.remove(this));
    }

    private void start() {
        floor = new ReadFloor(Duration.ofSeconds(1), nanos());
        held = Set.of();
        holding = false;
        busy = false;
        passIn(0);
    }

    /** Something was appended. */
    void wake() {
        if (!busy && node.isUp()) {
            passIn(world.dice.between(1, 2 * Agenda.MILLI));
        }
    }

    private void passIn(long delay) {
        int mine = ++passes;
        node.in(delay, () -> {
            if (mine == passes && !busy) {
                pass();
            }
        });
    }

    private long nanos() {
        return world.now() * 1_000;
    }

    private boolean hold() {
        boolean due = !holding || world.now() - leaseRenewedAt >= LEASE / 3;
        if (due) {
            holding = database.lease(node, LEASE);
            leaseRenewedAt = world.now();
        }
        return holding;
    }

    private void pass() {
        if (!hold()) {
            passIn(INTERVAL);
            return;
        }
        if (isAnyReleased()) {
            floor.goBack();
        }
        long from = world.engine.readsFrom(floor.next(nanos()), cursor);
        List<OutboxRow> rows = oldest(from);
        long highest = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id();
        cursor = Math.max(cursor, highest);
        floor.read(from, highest, rows.size() == BATCH, nanos(), nanos());
        if (rows.isEmpty()) {
            passIn(INTERVAL);
            return;
        }
        busy = true;
        if (!atWork.isEmpty()) {
            world.faults.seen(Fault.OVERLAPPING_RELAYS);
        }
        atWork.add(this);
        if (world.engine.removesBeforeTheAcknowledgement()) {
            database.remove(() -> rows.forEach(row -> database.outbox().remove(row.id())));
        }
        if (world.faults.strike(Fault.PAUSE_BEFORE_SEND)) {
            node.pause(world.faults.between(Fault.PAUSE_BEFORE_SEND, LEASE, 3 * LEASE));
        }
        node.in(world.dice.between(1, LONGEST_SEND), () -> send(rows));
    }

    private boolean isAnyReleased() {
        Set<String> before = held;
        held = heldTopics.get();
        return !held.containsAll(before);
    }

    private List<OutboxRow> oldest(long from) {
        List<OutboxRow> rows = new ArrayList<>();
        for (OutboxRow row : database.outbox().tailMap(from, true).values()) {
            if (rows.size() == BATCH) {
                break;
            }
            if (!held.contains(row.message().topic())) {
                rows.add(row);
            }
        }
        return rows;
    }

    private void send(List<OutboxRow> rows) {
        if (node.diesAt(Fault.CRASH_BEFORE_SEND)) {
            return;
        }
        List<OutboxRow> acknowledged = new ArrayList<>();
        Set<String> failed = new HashSet<>();
        for (OutboxRow row : rows) {
            // Rows behind a failed one of the same key are sent once more after it, so that the newest is the last.
            String lane = row.message().topic() + " " + row.message().key();
            if (!broker.send(row.message())) {
                failed.add(lane);
            } else {
                database.acknowledged(row);
                if (!failed.contains(lane)) {
                    acknowledged.add(row);
                }
            }
            if (node.diesAt(Fault.CRASH_AMID_SEND)) {
                return;
            }
        }
        if (!failed.isEmpty()) {
            floor.goBack();
        }
        List<OutboxRow> removable = world.engine.removable(rows, acknowledged);
        node.in(world.dice.between(1, LONGEST_SEND), () -> remove(removable, failed.isEmpty()));
    }

    private void remove(List<OutboxRow> rows, boolean well) {
        if (node.diesAt(Fault.CRASH_BEFORE_REMOVE)) {
            return;
        }
        busy = false;
        atWork.remove(this);
        database.remove(() -> world.engine.remove(rows, database.outbox()));
        passIn(well ? 1 : INTERVAL);
    }
}
