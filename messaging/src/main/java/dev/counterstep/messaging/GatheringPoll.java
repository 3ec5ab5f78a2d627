package dev.counterstep.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Polls all that is there. A Kafka consumer asks the broker for the next records when it hands over those before, and the broker
 * answers with the first that come; what comes after them, while a batch is at work, is left for the poll after the next. So a
 * poll that gives several records asks once more, and gives both answers together. Where few come, they wait for nothing. For one
 * thread.
 */
final class GatheringPoll {

    /** With so many there is a load, and probably more. */
    static final int SEVERAL = 4;

    /** Longest wait for the second answer. It is on its way already, or nothing is there. */
    private static final Duration GATHER = Duration.ofMillis(2);

    private final Function<Duration, ConsumerRecords<byte[], byte[]>> consumer;
    private final Supplier<Set<TopicPartition>> assignment;
    private @Nullable RuntimeException failure;

    /**
     * @param consumer what is polled
     * @param assignment the partitions it has
     */
    GatheringPoll(
            Function<Duration, ConsumerRecords<byte[], byte[]>> consumer, Supplier<Set<TopicPartition>> assignment) {
        this.consumer = consumer;
        this.assignment = assignment;
    }

    /**
     * Twice as many records as the consumer gives, at most.
     *
     * @throws RuntimeException what the consumer threw now, or when it was asked for more than it had given: those records came first
     */
    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        RuntimeException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
        ConsumerRecords<byte[], byte[]> first = consumer.apply(timeout);
        return first.count() < SEVERAL ? first : together(first, more());
    }

    private ConsumerRecords<byte[], byte[]> more() {
        try {
            return consumer.apply(GATHER);
        } catch (RuntimeException e) {
            failure = e; // the consumer does not give again what it has given
            return ConsumerRecords.empty();
        }
    }

    /** Without the partitions that were taken away meanwhile: whoever has them now reads them. */
    private ConsumerRecords<byte[], byte[]> together(
            ConsumerRecords<byte[], byte[]> first, ConsumerRecords<byte[], byte[]> more) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecords<byte[], byte[]> answer : List.of(first, more)) {
            answer.partitions()
                    .forEach(partition -> records.computeIfAbsent(partition, any -> new ArrayList<>())
                            .addAll(answer.records(partition)));
            next.putAll(answer.nextOffsets());
        }
        Set<TopicPartition> assigned = assignment.get();
        records.keySet().retainAll(assigned);
        next.keySet().retainAll(assigned);
        return new ConsumerRecords<>(records, next);
    }
}
