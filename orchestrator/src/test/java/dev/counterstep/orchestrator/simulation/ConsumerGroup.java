package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.counterstep.orchestrator.simulation.ModelBroker.Partition;

/** The consumers that share some topics: who reads which partition, and how far they say they have read. */
final class ConsumerGroup {

    private final World world;
    private final ModelBroker broker;
    private final List<Partition> partitions = new ArrayList<>();
    private final Map<Partition, Integer> committed = new LinkedHashMap<>();
    private final List<Listener> members = new ArrayList<>();
    private final Set<Message> handled = Collections.newSetFromMap(new IdentityHashMap<>());
    private int generation;

    ConsumerGroup(World world, ModelBroker broker, List<String> topics) {
        this.world = world;
        this.broker = broker;
        topics.forEach(topic -> partitions.addAll(broker.partitions(topic)));
        partitions.forEach(partition -> committed.put(partition, 0));
        broker.subscribed(this);
    }

    /** Grows whenever partitions move; who read under an older one has lost its say. */
    int generation() {
        return generation;
    }

    List<Partition> partitions() {
        return partitions;
    }

    void join(Listener member) {
        if (!members.contains(member)) {
            members.add(member);
        }
        rebalance();
    }

    boolean has(Listener member) {
        return members.contains(member);
    }

    void leave(Listener member) {
        if (members.remove(member)) {
            rebalance();
        }
    }

    void rebalance() {
        generation++;
        members.forEach(Listener::assigned);
    }

    /** The partitions a member reads until the next rebalance. */
    List<Partition> assignedTo(Listener member) {
        List<Partition> mine = new ArrayList<>();
        int index = members.indexOf(member);
        for (int i = 0; index >= 0 && i < partitions.size(); i++) {
            if ((i + generation) % members.size() == index) {
                mine.add(partitions.get(i));
            }
        }
        return mine;
    }

    void wake(Partition partition) {
        int i = partitions.indexOf(partition);
        if (i >= 0 && !members.isEmpty()) {
            members.get((i + generation) % members.size()).wake();
        }
    }

    int committed(Partition partition) {
        return committed.getOrDefault(partition, 0);
    }

    /** False when partitions have moved since the consumer polled: its offsets are refused. */
    boolean commit(int asOf, Map<Partition, Integer> offsets) {
        if (asOf != generation || broker.isAway()) {
            return false;
        }
        committed.putAll(offsets);
        return true;
    }

    /** Begins to read again from somewhere before. */
    void rewind() {
        for (Partition partition : partitions) {
            int offset = (int) world.faults.between(Fault.REWIND, 0, committed(partition));
            if (offset < committed(partition)) {
                world.faults.seen(Fault.REWIND);
            }
            committed.put(partition, offset);
        }
        world.say("broker", () -> "a group rewinds to " + committed.values());
        rebalance();
    }

    void brokerCrashed() {
        committed.replaceAll((partition, offset) -> Math.min(offset, partition.messages.size()));
        rebalance();
    }

    /** A member's transactions with these messages are committed. */
    void handled(List<Message> messages) {
        handled.addAll(messages);
    }

    /** Whatever the group says it has read must have been handled. */
    void check() {
        for (Partition partition : partitions) {
            for (Message message : partition.messages.subList(0, committed(partition))) {
                if (!handled.contains(message)) {
                    world.violated(Check.READ_MEANS_HANDLED, partition.name + ": " + message.id() + " was passed over");
                    return;
                }
            }
        }
    }

    boolean hasReadAll() {
        return partitions.stream().allMatch(partition -> committed(partition) >= partition.messages.size());
    }

    /** A consumer that stands still is thrown out when its session is over. */
    void expel(Node node) {
        members.stream().filter(member -> member.node() == node).findFirst().ifPresent(this::leave);
    }
}
