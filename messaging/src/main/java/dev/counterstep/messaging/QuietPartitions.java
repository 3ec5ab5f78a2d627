package dev.counterstep.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.kafka.event.ListenerContainerPartitionIdleEvent;

/**
 * Commits how far a partition that has fallen quiet was read. Behind its last message there may be a producer's transaction
 * markers: they are never given to a listener, so nobody else would commit them, and whoever compares the committed offset with
 * the partition's end would take them for messages that nobody reads.
 *
 * <p>Called on the thread of the consumer, between two polls: all that was polled has been handled.
 */
final class QuietPartitions implements ApplicationEventPublisher {

    private static final Logger log = LoggerFactory.getLogger(QuietPartitions.class);

    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();

    @Override
    public void publishEvent(Object event) {
        if (event instanceof ListenerContainerPartitionIdleEvent quiet) {
            try {
                commit(quiet.getConsumer(), quiet.getTopicPartition());
            } catch (KafkaException e) {
                log.debug("not committed, to be tried again: {}", quiet.getTopicPartition(), e);
            }
        }
    }

    private void commit(Consumer<?, ?> consumer, TopicPartition partition) {
        long position = consumer.position(partition);
        Long before = committed.put(partition, position);
        if (before == null || before != position) {
            consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(position)), (offsets, failure) -> {
                if (failure != null) {
                    committed.remove(partition);
                }
            });
        }
    }
}
