package dev.counterstep.order;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.TestInfrastructure;

import static org.awaitility.Awaitility.await;

/** Kafka as everybody outside the service sees it. */
final class Topics {

    private Topics() {}

    static void send(OutboundMessage message) throws InterruptedException, ExecutionException {
        var record =
                new ProducerRecord<>(message.topic(), message.key().getBytes(StandardCharsets.UTF_8), message.body());
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    /** Waits for a message of a topic, which is read from its beginning. */
    static InboundMessage awaitMessage(String topic, Predicate<InboundMessage> wanted) {
        return awaitMessages(topic, wanted, 1).get(0);
    }

    /** Waits for so many messages of a topic, which is read from its beginning. */
    static List<InboundMessage> awaitMessages(String topic, Predicate<InboundMessage> wanted, int count) {
        var seen = new ArrayList<InboundMessage>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        TestInfrastructure.bootstrapServers(),
                        "group.id",
                        "test-" + UUID.randomUUID(),
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(MessageCodec.inbound(record)));
                return seen.stream().filter(wanted).count() >= count;
            });
        }
        return seen.stream().filter(wanted).toList();
    }
}
