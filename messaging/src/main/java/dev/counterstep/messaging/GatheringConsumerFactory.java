package dev.counterstep.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/**
 * Makes consumers that {@link GatheringPoll gather}. What a poll gives is still at most {@code max.poll.records}; a consumer that
 * is to give so few that none of its polls would gather is left as it is.
 */
final class GatheringConsumerFactory extends DefaultKafkaConsumerFactory<byte[], byte[]> {

    /** @param settings of each consumer; a listener may have others */
    GatheringConsumerFactory(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
        Object most =
                settings.getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
        int half = Integer.parseInt(most.toString()) / 2;
        if (half < GatheringPoll.SEVERAL) {
            return super.createRawConsumer(settings);
        }
        Map<String, Object> halved = new HashMap<>(settings);
        halved.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, half);
        return new GatheringConsumer(halved);
    }

    private final class GatheringConsumer extends ExtendedKafkaConsumer {

        private final GatheringPoll gathering = new GatheringPoll(super::poll, this::assignment);

        GatheringConsumer(Map<String, Object> settings) {
            super(settings);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            return gathering.poll(timeout);
        }
    }
}
