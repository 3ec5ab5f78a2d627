package dev.counterstep.messaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is read, and what is committed of it. */
class BatchListenersIT {

    private static final int BATCHES = 50;
    private static final int MOST = 8;

    private final String topic = "batches-" + UUID.randomUUID();
    private final TopicPartition quiet = new TopicPartition(topic, 0);
    private final int busy = 1;

    private final Admin admin = Admin.create(Map.of("bootstrap.servers", TestInfrastructure.bootstrapServers()));
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final AtomicInteger largest = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicBoolean listenerFails = new AtomicBoolean();
    private final AtomicBoolean pollFails = new AtomicBoolean();
    private final AtomicBoolean batchFailsOnItsWay = new AtomicBoolean();
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container =
            BatchListeners.container(consumers(), List.of(topic), topic, topic, records -> {
                if (listenerFails.getAndSet(false)) {
                    pollFails.set(true);
                    throw new IllegalStateException("the database is away");
                }
                records.forEach(record -> read.add(new String(record.value(), UTF_8)));
                largest.accumulateAndGet(records.size(), Math::max);
                batches.incrementAndGet();
            });

    private ConsumerFactory<byte[], byte[]> consumers() {
        DefaultKafkaConsumerFactory<byte[], byte[]> factory = new DefaultKafkaConsumerFactory<>(Map.of(
                "bootstrap.servers",
                TestInfrastructure.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                MOST,
                "enable.auto.commit",
                false,
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
        factory.addPostProcessor(this::failing);
        return factory;
    }

    /** A consumer whose poll throws when it is told to, once: at the beginning, or when it has records to give. */
    @SuppressWarnings("unchecked")
    private Consumer<byte[], byte[]> failing(Consumer<byte[], byte[]> consumer) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll") && pollFails.getAndSet(false)) {
                        throw new KafkaException("the broker is away as well");
                    }
                    try {
                        Object result = method.invoke(consumer, arguments);
                        if (result instanceof ConsumerRecords<?, ?> polled
                                && !polled.isEmpty()
                                && batchFailsOnItsWay.getAndSet(false)) {
                            throw new KafkaException("the broker is away for whatever follows a poll");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void start() {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.partitionsFor(topic);
        }
        container.start();
    }

    @AfterEach
    void close() {
        container.stop();
        admin.close();
    }

    @Test
    void transactionMarkersCountAsReadOnAQuietPartitionThoughAnotherIsBusy() throws Exception {
        try (KafkaProducer<byte[], byte[]> transactional = producer(Map.of("transactional.id", topic));
                KafkaProducer<byte[], byte[]> plain = producer(Map.of())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            send(transactional, quiet.partition());
            transactional.commitTransaction();
            await("a message and a marker").until(() -> end() == 2);

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                send(plain, busy);
                return committed() == 2;
            });
        }
    }

    @Test
    void batchesThatFollowOneAnotherShareACommit() {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int sent = 1; sent <= BATCHES; sent++) {
                int expected = sent;
                send(producer, quiet.partition());
                await().until(() -> read.size() == expected);
            }
        }
        assertThat(commits()).isLessThan(batches.get() / 5.0);
    }

    @Test
    void everyMessageComesOnceInOrderAndNoMoreTogetherThanOnePollMayGive() {
        List<String> sent = IntStream.range(0, 1_000).mapToObj(String::valueOf).toList();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            sent.stream()
                    .map(body -> producer.send(record(quiet.partition(), body)))
                    .toList()
                    .forEach(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(10)));
        }
        await().until(() -> read.size() >= sent.size());

        assertThat(read).isEqualTo(sent);
        assertThat(largest).hasValueLessThanOrEqualTo(MOST).hasValueGreaterThan(MOST / 2);
    }

    @Test
    void batchThatFailedComesAgainThoughItsConsumerFailsWhileItWaits() {
        listenerFails.set(true);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            send(producer, quiet.partition());
            await().until(() -> !listenerFails.get() && !pollFails.get());
            send(producer, quiet.partition());
        }
        await().until(() -> read.size() == 2);
    }

    @Test
    void batchThatFailedOnItsWayToTheListenerComesAgain() {
        batchFailsOnItsWay.set(true);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            send(producer, quiet.partition());
            await().until(() -> !batchFailsOnItsWay.get());
            send(producer, quiet.partition());
        }
        await().until(() -> read.size() == 2);
    }

    private double commits() {
        return container.metrics().values().stream()
                .flatMap(metrics -> metrics.values().stream())
                .filter(metric -> metric.metricName().name().equals("commit-total"))
                .mapToDouble(metric -> (double) metric.metricValue())
                .sum();
    }

    private long end() throws Exception {
        return admin.listOffsets(Map.of(quiet, OffsetSpec.latest()))
                .partitionResult(quiet)
                .get()
                .offset();
    }

    private long committed() throws Exception {
        OffsetAndMetadata committed = admin.listConsumerGroupOffsets(topic)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(quiet);
        return committed == null ? -1 : committed.offset();
    }

    private void send(KafkaProducer<byte[], byte[]> producer, int partition) {
        Future<?> sent = producer.send(record(partition, "message"));
        assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String body) {
        return new ProducerRecord<>(topic, partition, null, body.getBytes(UTF_8));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", TestInfrastructure.bootstrapServers());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
