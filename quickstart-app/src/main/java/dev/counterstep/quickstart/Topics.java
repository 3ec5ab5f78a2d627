package dev.counterstep.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The topics of the protocol, created when missing. */
final class Topics {

    /** So many instances of a service can share its work. */
    static final int PARTITIONS = 6;

    private Topics() {}

    /**
     * Creates what these participants need and does not exist yet, and returns when the broker serves it: a producer that sends
     * several batches to a partition without a leader may find its first one refused and its second one taken, and then neither
     * comes through, for ever.
     */
    static void create(String bootstrap, List<String> participants) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = names(participants).stream()
                    .filter(name -> !existing.contains(name))
                    .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                    .toList();
            admin.createTopics(missing).all().get();
            // Each partition's leader answers, and is asked again until it can.
            admin.listOffsets(latest(missing)).all().get();
        } catch (ExecutionException e) {
            throw new StartException("Kafka's topics cannot be created (" + e.getCause() + ").", e);
        }
    }

    private static Map<TopicPartition, OffsetSpec> latest(List<NewTopic> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    }

    /** Every topic and its dead-letter topic. */
    static List<String> names(List<String> participants) {
        List<String> topics =
                new ArrayList<>(List.of("order.events", "saga.events", "notifications.high", "notifications.low"));
        for (String participant : participants) {
            topics.add(participant + ".commands");
            topics.add(participant + ".replies");
        }
        return topics.stream()
                .flatMap(topic -> Stream.of(topic, topic + ".dlt"))
                .toList();
    }
}
