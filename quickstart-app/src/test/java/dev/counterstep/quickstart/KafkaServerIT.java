package dev.counterstep.quickstart;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class KafkaServerIT {

    private static final String TOPIC = "kept";

    @TempDir
    private Path home;

    private final int port = FreePorts.one();

    @Test
    void messagesAndClusterAreKeptFromOneStartToTheNext() throws Exception {
        String cluster;
        try (KafkaServer server = new KafkaServer(home, port)) {
            server.start();
            createTopic(server.bootstrap());
            send(server.bootstrap(), "first");
            cluster = clusterId(server.bootstrap());
        }
        try (KafkaServer server = new KafkaServer(home, port)) {
            server.start();
            send(server.bootstrap(), "second");
            assertThat(received(server.bootstrap(), 2)).containsExactly("first", "second");
            assertThat(clusterId(server.bootstrap())).isEqualTo(cluster);
        }
    }

    @Test
    void acknowledgedMessagesSurviveTheKillOfTheirJvm() throws Exception {
        try (ChildJvm jvm = ChildJvm.start(Child.class, List.of(home.toString(), String.valueOf(port)))) {
            jvm.awaitLine("acknowledged", Duration.ofSeconds(60));
            jvm.kill();
        }
        try (KafkaServer server = new KafkaServer(home, port)) {
            server.start();
            send(server.bootstrap(), "second");
            assertThat(received(server.bootstrap(), 2)).containsExactly("first", "second");
        }
    }

    @Test
    void serverCanBeStoppedAndStartedAgainInOneJvm() throws Exception {
        try (KafkaServer server = new KafkaServer(home, port)) {
            server.start();
            createTopic(server.bootstrap());
            send(server.bootstrap(), "first");
            server.stop();
            server.start();
            assertThat(received(server.bootstrap(), 1)).containsExactly("first");
        }
    }

    @Test
    void folderIsFormattedAgainWhenTheFirstStartDidNotGetThatFar() throws Exception {
        Files.createDirectories(home.resolve("kafka"));
        try (KafkaServer server = new KafkaServer(home, port)) {
            server.start();
            assertThat(clusterId(server.bootstrap())).isNotBlank();
        }
    }

    private static void createTopic(String bootstrap) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static String clusterId(String bootstrap) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static void send(String bootstrap, String text) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, text.getBytes(UTF_8))).get();
        }
    }

    private static List<String> received(String bootstrap, int count) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "group.id", "test", "auto.offset.reset", "earliest");
        List<String> texts = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long giveUpAt = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (texts.size() < count && System.nanoTime() < giveUpAt) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    texts.add(new String(record.value(), UTF_8));
                }
            }
        }
        return texts;
    }

    /** Starts the broker, has one message acknowledged and waits to be killed. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws ExecutionException, InterruptedException {
            KafkaServer server = new KafkaServer(Path.of(args[0]), Integer.parseInt(args[1]));
            server.start();
            createTopic(server.bootstrap());
            send(server.bootstrap(), "first");
            System.out.println("acknowledged");
            Thread.currentThread().join();
        }
    }
}
