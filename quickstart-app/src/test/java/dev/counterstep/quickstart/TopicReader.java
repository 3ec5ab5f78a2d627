package dev.counterstep.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;

/** Reads topics as anybody could, with a plain consumer and no group. */
final class TopicReader {

    private static final Duration POLL = Duration.ofMillis(500);

    private TopicReader() {}

    /** All that is on every topic but Kafka's own, from the beginning to what was the end when asked. */
    static List<InboundMessage> all(String bootstrap) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap)) {
            return read(
                    consumer,
                    consumer.listTopics().entrySet().stream()
                            .filter(topic -> !topic.getKey().startsWith("__"))
                            .flatMap(topic -> topic.getValue().stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList());
        }
    }

    private static List<InboundMessage> read(
            KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        List<InboundMessage> messages = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(record -> messages.add(MessageCodec.inbound(record)));
        }
        return messages;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
