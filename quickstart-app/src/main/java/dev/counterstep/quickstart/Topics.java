package dev.counterstep.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of the protocol, created when missing. */
final class Topics {

    /** So many instances of a service can share its work. */
    static final int PARTITIONS = 6;

    private Topics() {}

    /** Creates what these participants need and does not exist yet. */
    static void create(String bootstrap, List<String> participants) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = names(participants).stream()
                    .filter(name -> !existing.contains(name))
                    .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                    .toList();
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            throw new StartException("Kafka's topics cannot be created (" + e.getCause() + ").", e);
        }
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
