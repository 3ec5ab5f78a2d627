package dev.counterstep.benchmark.rest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads {@code order.events} from now on, for the ends among them. */
final class OrderEventReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OrderEventReader.class);
    private static final String TOPIC = "order.events";
    private static final Set<String> ENDS = Set.of("order.completed", "order.cancelled");
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<UUID> ended;
    private final Thread thread = new Thread(this::read, "order-event-reader");

    private OrderEventReader(KafkaConsumer<byte[], byte[]> consumer, Consumer<UUID> ended) {
        this.consumer = consumer;
        this.ended = ended;
    }

    static OrderEventReader start(String kafka, Consumer<UUID> ended) {
        var consumer = new KafkaConsumer<byte[], byte[]>(Map.of(
                "bootstrap.servers",
                kafka,
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "enable.auto.commit",
                "false"));
        List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeks now, before the first order is placed
        OrderEventReader reader = new OrderEventReader(consumer, ended);
        reader.thread.start();
        return reader;
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (true) {
                consumer.poll(POLL).forEach(this::read);
            }
        } catch (WakeupException closed) {
            LOG.debug("closed", closed);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Header type = record.headers().lastHeader("ce_type");
        if (type != null && ENDS.contains(new String(type.value(), UTF_8))) {
            ended.accept(UUID.fromString(new String(record.key(), UTF_8)));
        }
    }
}
