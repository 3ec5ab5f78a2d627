package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The broker: partitions that keep the order of a key, at-least-once producers, and a disk that lags behind what was acknowledged. */
final class ModelBroker {

    static final int PARTITIONS = 2;

    /** A partition and what has become of it. */
    static final class Partition {

        final String name;
        final TopicPartition id;
        final boolean isOfReplies;
        final List<Message> messages = new ArrayList<>();
        private int written;
        private long heldBackUntil;

        Partition(TopicPartition id) {
            this.name = id.toString();
            this.id = id;
            this.isOfReplies = id.topic().endsWith(".replies");
        }
    }

    private static final long LONGEST_OUTAGE = 6 * Agenda.SECOND;
    private static final long LONGEST_DELAY = 12 * Agenda.SECOND;
    private static final double WRITTEN_BY_CHANCE = 0.2;

    private final World world;
    private final Map<String, List<Partition>> topics = new LinkedHashMap<>();
    private final List<ConsumerGroup> groups = new ArrayList<>();
    private long awayUntil;
    private int outages;

    ModelBroker(World world) {
        this.world = world;
    }

    void subscribed(ConsumerGroup group) {
        groups.add(group);
    }

    List<Partition> partitions(String topic) {
        return topics.computeIfAbsent(topic, name -> {
            List<Partition> partitions = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new Partition(new TopicPartition(name, i)));
            }
            return partitions;
        });
    }

    boolean isAway() {
        return world.now() < awayUntil;
    }

    /** Which outage lasts now; null while there is none. */
    @Nullable
    Integer outageNumber() {
        return isAway() ? outages : null;
    }

    /** One that begins while another lasts goes on with it. */
    private void beAway(Fault why) {
        if (!isAway()) {
            outages++;
        }
        awayUntil = world.now() + world.faults.between(why, 1, LONGEST_OUTAGE);
    }

    /** True when the producer has its acknowledgement; false when it does not know. */
    boolean send(Message message) {
        if (isAway()) {
            return false;
        }
        store(message);
        if (world.faults.strike(Fault.DUPLICATE)) {
            world.later(world.faults.between(Fault.DUPLICATE, 1, LONGEST_DELAY), () -> {
                world.say("broker", () -> "duplicate");
                store(message);
            });
        }
        return !world.faults.strike(Fault.LOST_ACKNOWLEDGEMENT);
    }

    private void store(Message message) {
        List<Partition> all = partitions(message.topic());
        Partition partition = all.get(Math.floorMod(message.key().hashCode(), all.size()));
        partition.messages.add(message);
        world.say("broker", () -> partition.name + "@" + (partition.messages.size() - 1) + " " + message.id());
        if (world.dice.chance(WRITTEN_BY_CHANCE)) {
            partition.written = partition.messages.size();
        }
        if (world.faults.strike(Fault.DELAY)) {
            partition.heldBackUntil = world.now() + world.faults.between(Fault.DELAY, 1, LONGEST_DELAY);
        }
        groups.forEach(group -> group.wake(partition));
    }

    /** Whether a partition's messages are delivered now. */
    boolean delivers(Partition partition) {
        return !isAway() && world.now() >= partition.heldBackUntil;
    }

    void outage() {
        beAway(Fault.BROKER_OUTAGE);
        world.say("broker", () -> "is away for " + (awayUntil - world.now()) / Agenda.MILLI + " ms");
    }

    /** It comes back with what was on its disk; groups go on from where they can. */
    void crash() {
        beAway(Fault.BROKER_CRASH);
        topics.values()
                .forEach(all -> all.forEach(partition -> {
                    int lost = partition.messages.size() - partition.written;
                    if (lost > 0) {
                        world.faults.seen(Fault.BROKER_CRASH);
                        world.say("broker", () -> "forgets the last " + lost + " of " + partition.name);
                    }
                    partition
                            .messages
                            .subList(partition.written, partition.messages.size())
                            .clear();
                }));
        groups.forEach(ConsumerGroup::brokerCrashed);
    }

    void heal() {
        awayUntil = 0;
        topics.values().forEach(all -> all.forEach(partition -> partition.heldBackUntil = 0));
    }
}
