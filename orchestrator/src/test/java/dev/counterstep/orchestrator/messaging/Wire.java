package dev.counterstep.orchestrator.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.TestInfrastructure;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Participants and a client in one, with nothing but a Kafka client: what they know of us is the wire protocol. */
final class Wire {

    private final KafkaConsumer<String, String> consumer;
    private final KafkaProducer<String, String> producer;
    private final Thread thread;
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Function<String, @Nullable String> outcomes;
    private volatile int copies = 1;

    /**
     * @param topics what to read; commands among them are answered
     * @param outcomes by type of command, the outcome of the reply; null for no reply
     */
    Wire(List<String> topics, Function<String, @Nullable String> outcomes) {
        this.outcomes = outcomes;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestInfrastructure.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "wire-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        "500"),
                new StringDeserializer(),
                new StringDeserializer());
        producer = new KafkaProducer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestInfrastructure.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
        consumer.subscribe(topics);
        thread = new Thread(this::work, "wire");
        thread.start();
    }

    /** From now on each reply is sent so many times. */
    void answerTimes(int times) {
        copies = times;
    }

    /** Types of all messages seen so far. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    void send(String topic, String key, Map<String, String> headers, String body) {
        try {
            sendSoon(topic, key, headers, body).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<RecordMetadata> sendSoon(
            String topic, @Nullable String key, Map<String, String> headers, String body) {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, body);
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return producer.send(record);
    }

    void sendEvent(String topic, String type, String key, String body) {
        send(
                topic,
                key,
                Map.of(
                        "ce_id",
                        UUID.randomUUID().toString(),
                        "ce_type",
                        type,
                        "ce_source",
                        "/wire",
                        "ce_subject",
                        key,
                        "ce_time",
                        "2026-01-01T00:00:00Z"),
                body);
    }

    private void work() {
        try {
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::read);
            }
        } catch (WakeupException e) {
            consumer.close();
        }
    }

    private void read(ConsumerRecord<String, String> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        String type = headers.getOrDefault("ce_type", "?");
        seen.add(type);
        String outcome = record.topic().endsWith(".commands") ? outcomes.apply(type) : null;
        if (outcome != null) {
            String expiresAt = headers.get("saga-expires-at");
            boolean isExpired = expiresAt != null && Instant.parse(expiresAt).isBefore(Instant.now());
            headers.put("ce_id", UUID.randomUUID().toString());
            headers.put("ce_type", type + ".answered");
            headers.put("saga-outcome", isExpired ? "RETRYABLE" : outcome);
            headers.put("saga-reason", isExpired ? "EXPIRED" : "because");
            String replyTo = Objects.requireNonNull(headers.get("saga-reply-to"));
            for (int copy = 0; copy < copies; copy++) {
                Future<RecordMetadata> unused =
                        sendSoon(replyTo, record.key(), headers, "{\"answer\": 4.20}"); // a lost one is asked for again
            }
        }
    }

    void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
        producer.close();
    }
}
