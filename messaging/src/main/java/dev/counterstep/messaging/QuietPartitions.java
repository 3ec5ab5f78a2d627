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
 * <p>Called on the thread of the consumer, between two polls.
 */
final class QuietPartitions implements ApplicationEventPublisher {

    private static final Logger log = LoggerFactory.getLogger(QuietPartitions.class);

    /** @param settled whether it was committed, or is about to be */
    private record Position(long offset, boolean settled) {}

    private final Map<TopicPartition, Position> positions = new ConcurrentHashMap<>();

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

    /** At the second time: at the first, the commit of what was handled last may still be to come. */
    private void commit(Consumer<?, ?> consumer, TopicPartition partition) {
        long offset = consumer.position(partition);
        Position before = positions.get(partition);
        if (before == null || before.offset() != offset) {
            positions.put(partition, new Position(offset, false));
        } else if (!before.settled()) {
            positions.put(partition, new Position(offset, true));
            consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(offset)), (offsets, failure) -> {
                if (failure != null) {
                    positions.remove(partition);
                }
            });
        }
    }
}
