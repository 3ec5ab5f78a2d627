package dev.counterstep.messaging;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.listener.BatchInterceptor;

/** How far a container's listener has got with each partition, by all of its threads. */
final class Handled implements BatchInterceptor<byte[], byte[]> {

    private final Map<TopicPartition, Long> lastOffsets = new ConcurrentHashMap<>();

    /** Whether these records of one partition are what was handled of it last. */
    boolean endsWith(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        return Long.valueOf(last(records)).equals(lastOffsets.get(partition));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> intercept(
            ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
        return batch;
    }

    @Override
    public void success(ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
        batch.partitions().forEach(partition -> lastOffsets.put(partition, last(batch.records(partition))));
    }

    private static long last(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.get(records.size() - 1).offset();
    }
}
