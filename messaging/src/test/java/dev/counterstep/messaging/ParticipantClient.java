package dev.counterstep.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Talks to a participant as a stranger would: a plain Kafka producer and consumer, header names spelt out. Sees only what was
 * written after it was made. Not thread-safe.
 */
public final class ParticipantClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final String participant;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Message> seen = new ArrayList<>();

    /** Connects to the JVM's broker; creates the participant's topics when they are missing. */
    public ParticipantClient(String participant) {
        this.participant = participant;
        Map<String, Object> settings = Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers());
        createTopics(settings);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics().flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** A message that was received. Headers that the reader asks for and that are missing read as an empty text. */
    public record Message(String topic, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** {@code saga-outcome}. */
        public String outcome() {
            return header("saga-outcome");
        }

        /** {@code saga-reason}. */
        public String reason() {
            return header("saga-reason");
        }
    }

    /** Sends a command under its saga's id. */
    public void send(CommandMessage command) {
        send(command.sagaId().toString(), command.headers(), command.body().getBytes(UTF_8));
    }

    /** Sends anything. */
    public void send(String key, Map<String, String> headers, byte @Nullable [] body) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(participant + ".commands", key.getBytes(UTF_8), body);
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until so many replies to a saga have come, and returns all there are. */
    public List<Message> awaitReplies(UUID sagaId, int count) {
        return await(
                count,
                message -> message.topic().equals(participant + ".replies")
                        && message.header("saga-id").equals(sagaId.toString()));
    }

    /** Sends a command and waits for the next reply to its saga. */
    public Message ask(CommandMessage command) {
        int before = awaitReplies(command.sagaId(), 0).size();
        send(command);
        return awaitReplies(command.sagaId(), before + 1).get(before);
    }

    /** Waits until so many dead letters have come whose header has this value, and returns all there are. */
    public List<Message> awaitDeadLetters(String header, String value, int count) {
        return await(
                count,
                message -> message.topic().equals(participant + ".commands.dlt")
                        && message.header(header).equals(value));
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
    }

    private List<Message> await(int count, Predicate<Message> wanted) {
        return Awaitility.await("%d messages".formatted(count))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            if (seen.stream().filter(wanted).count() < count) {
                                consumer.poll(POLL).forEach(record -> seen.add(message(record)));
                            }
                            return seen.stream().filter(wanted).toList();
                        },
                        messages -> messages.size() >= count);
    }

    private static Message message(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = Arrays.stream(record.headers().toArray())
                .collect(Collectors.toMap(
                        Header::key, header -> new String(header.value(), UTF_8), (one, other) -> other));
        return new Message(record.topic(), headers, record.value() == null ? "" : new String(record.value(), UTF_8));
    }

    private Stream<String> topics() {
        return Stream.of(participant + ".replies", participant + ".commands.dlt");
    }

    private void createTopics(Map<String, Object> settings) {
        try (Admin admin = Admin.create(settings)) {
            for (String suffix : List.of(".commands", ".replies", ".commands.dlt")) {
                NewTopic topic = new NewTopic(participant + suffix, TestInfrastructure.PARTITIONS, (short) 1);
                try {
                    admin.createTopics(List.of(topic)).all().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException(e.getCause());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
