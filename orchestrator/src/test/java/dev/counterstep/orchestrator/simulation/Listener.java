package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.counterstep.orchestrator.simulation.ModelBroker.Partition;

/** A consumer's thread: polls a batch, has it handled, commits its offsets, polls again. */
final class Listener {

    private static final int LARGEST_BATCH = 8;
    private static final long IDLE = Agenda.SECOND;
    private static final long BACKOFF = 200 * Agenda.MILLI;

    private final World world;
    private final Node node;
    private final ModelBroker broker;
    private final ConsumerGroup group;
    private final BiConsumer<List<Message>, Consumer<Boolean>> handler;
    private final Map<Partition, Integer> positions = new HashMap<>();
    private List<Partition> mine = List.of();
    private boolean busy;
    private int polls;

    Listener(
            World world,
            Node node,
            ModelBroker broker,
            ConsumerGroup group,
            BiConsumer<List<Message>, Consumer<Boolean>> handler) {
        this.world = world;
        this.node = node;
        this.broker = broker;
        this.group = group;
        this.handler = handler;
        node.onStart(this::start);
        node.onDeath(() -> group.leave(this));
    }

    Node node() {
        return node;
    }

    private void start() {
        busy = false;
        group.join(this);
        pollIn(0);
    }

    /** Partitions came or went: reading goes on from the committed offsets. */
    void assigned() {
        mine = group.assignedTo(this);
        positions.clear();
        wake();
    }

    void wake() {
        if (!busy && node.isUp()) {
            pollIn(world.dice.between(1, 5 * Agenda.MILLI));
        }
    }

    private void pollIn(long delay) {
        int mine = ++polls;
        node.in(delay, () -> {
            if (mine == polls && !busy) {
                poll();
            }
        });
    }

    private void poll() {
        // A consumer that was thrown out notices it when it polls.
        if (!group.has(this)) {
            group.join(this);
        }
        List<Message> batch = new ArrayList<>(0);
        Map<Partition, Integer> offsets = new HashMap<>(0);
        int first = mine.isEmpty() ? 0 : world.dice.below(mine.size());
        for (int i = 0; i < mine.size(); i++) {
            take(mine.get((first + i) % mine.size()), batch, offsets);
        }
        if (batch.isEmpty()) {
            pollIn(IDLE);
            return;
        }
        int asOf = group.generation();
        busy = true;
        if (!world.engine.commitsBeforeItAcknowledges()) {
            group.commit(asOf, offsets);
        }
        handler.accept(batch, handled -> {
            if (handled) {
                group.handled(batch);
            }
            handled(handled, asOf, offsets);
        });
    }

    private void take(Partition partition, List<Message> batch, Map<Partition, Integer> offsets) {
        if (!broker.delivers(partition)) {
            return;
        }
        int from = Math.min(positions.computeIfAbsent(partition, group::committed), partition.messages.size());
        int until = Math.min(partition.messages.size(), from + Math.max(0, LARGEST_BATCH - batch.size()));
        if (until > from) {
            batch.addAll(partition.messages.subList(from, until));
            offsets.put(partition, until);
            positions.put(partition, until);
        }
    }

    private void handled(boolean committed, int asOf, Map<Partition, Integer> offsets) {
        busy = false;
        if (!committed) {
            positions.clear();
            pollIn(BACKOFF);
            return;
        }
        if (!group.commit(asOf, offsets)) {
            positions.clear();
        } else if (node.diesAt(Fault.CRASH_AFTER_OFFSETS)) {
            return;
        }
        pollIn(world.dice.between(1, Agenda.MILLI));
    }
}
