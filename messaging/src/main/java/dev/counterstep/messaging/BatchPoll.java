package dev.counterstep.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Polls all that is there, and again what was given and not handled. For one thread.
 *
 * <p>A Kafka consumer asks the broker for the next records when it hands over those before, and the broker answers with the first
 * that come; what comes after them, while a batch is at work, is left for the poll after the next. So a poll that gives several
 * records asks once more, and gives both answers together. Where few come, they wait for nothing.
 *
 * <p>What a consumer has given it does not give again by itself, and not every batch that was polled reaches the listener: spring-kafka
 * gives it up when anything throws in between (4.1: a commit that a rebalance had put off, or a poll that keeps the consumer in its
 * group while a failed batch waits to be tried again), and goes on behind it. So a poll first goes back to where the last batch began,
 * unless it was handled.
 */
final class BatchPoll {

    /** With so many there is a load, and probably more. */
    private static final int SEVERAL = 4;

    /** Longest wait for the second answer. It is on its way already, or nothing is there. */
    private static final Duration GATHER = Duration.ofMillis(2);

    private final Function<Duration, ConsumerRecords<byte[], byte[]>> asking;
    private final Consumer<byte[], byte[]> consumer;
    private final Handled handled;
    private ConsumerRecords<byte[], byte[]> given = ConsumerRecords.empty();
    private @Nullable RuntimeException failure;

    /**
     * @param asking the consumer's own poll
     * @param consumer where the partitions' positions are
     * @param handled what the listener has handled of them
     */
    BatchPoll(
            Function<Duration, ConsumerRecords<byte[], byte[]>> asking,
            Consumer<byte[], byte[]> consumer,
            Handled handled) {
        this.asking = asking;
        this.consumer = consumer;
        this.handled = handled;
    }

    /**
     * Twice as many records as the consumer gives, at most.
     *
     * @throws RuntimeException what the consumer threw now, or when it was asked for more than it had given: those records came first
     */
    ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        takeBack();
        RuntimeException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
        given = asking.apply(timeout);
        if (given.count() >= SEVERAL) {
            given = together(given, more());
        }
        return given;
    }

    /** While a failed batch is tried again, too: then it is read once more than it had to be. */
    private void takeBack() {
        Set<TopicPartition> assigned = consumer.assignment();
        for (TopicPartition partition : given.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = given.records(partition);
            if (assigned.contains(partition) && !handled.endsWith(partition, records)) {
                consumer.seek(partition, records.get(0).offset());
            }
        }
        given = ConsumerRecords.empty();
    }

    /** What keeps failing must not keep the first answer from the listener. */
    private ConsumerRecords<byte[], byte[]> more() {
        try {
            return asking.apply(GATHER);
        } catch (RuntimeException e) {
            failure = e;
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
        Set<TopicPartition> assigned = consumer.assignment();
        records.keySet().retainAll(assigned);
        next.keySet().retainAll(assigned);
        return new ConsumerRecords<>(records, next);
    }
}
