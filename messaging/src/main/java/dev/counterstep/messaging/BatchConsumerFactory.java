package dev.counterstep.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** Makes one container's consumers, which poll as {@link BatchPoll} does: at most {@code max.poll.records}. */
final class BatchConsumerFactory extends DefaultKafkaConsumerFactory<byte[], byte[]> {

    private final Handled handled;

    /**
     * @param model whose settings, deserializers, listeners and post-processors these consumers have
     * @param handled what the container's listener has handled
     */
    BatchConsumerFactory(ConsumerFactory<byte[], byte[]> model, Handled handled) {
        super(model.getConfigurationProperties(), model::getKeyDeserializer, model::getValueDeserializer);
        this.handled = handled;
        setBeanName("messageConsumerFactory"); // their metrics say so
        model.getListeners().forEach(this::addListener);
        model.getPostProcessors().forEach(this::addPostProcessor);
    }

    @Override
    protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
        Object most =
                settings.getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
        Map<String, Object> halved = new HashMap<>(settings);
        halved.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.max(1, Integer.parseInt(most.toString()) / 2));
        return new BatchConsumer(halved);
    }

    private final class BatchConsumer extends ExtendedKafkaConsumer {

        private final BatchPoll batches = new BatchPoll(super::poll, this, handled);

        BatchConsumer(Map<String, Object> settings) {
            super(settings);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            return batches.poll(timeout);
        }
    }
}
