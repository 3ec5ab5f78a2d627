package dev.counterstep.orchestrator.messaging;

import java.util.stream.Stream;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import dev.counterstep.messaging.BatchListeners;
import dev.counterstep.orchestrator.OrchestratorProperties;

/** The consumers, and the topics they and the participants need. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    /** A group of its own: what happens to dead letters does not disturb those that read replies. */
    private static final String DEAD_LETTER_GROUP = OrchestratorProperties.GROUP + "-dead-letters";

    /** A dead letter can be as large as the broker accepts. */
    private static final int DEAD_LETTERS_AT_ONCE = 50;

    /** Replies and events together: whatever was polled at once is one batch. */
    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> sagaListenerContainer(
            @Qualifier("messageConsumerFactory") ConsumerFactory<byte[], byte[]> consumers,
            Topics topics,
            SagaListener listener,
            OrchestratorProperties properties) {
        ConcurrentMessageListenerContainer<byte[], byte[]> container = BatchListeners.container(
                consumers, topics.inbound(), OrchestratorProperties.GROUP, OrchestratorProperties.GROUP, listener);
        container.setConcurrency(properties.concurrency());
        return container;
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> deadLetterListenerContainer(
            @Qualifier("messageConsumerFactory") ConsumerFactory<byte[], byte[]> consumers,
            Topics topics,
            DeadLetterListener listener) {
        ConcurrentMessageListenerContainer<byte[], byte[]> container = BatchListeners.container(
                consumers, topics.deadLetters(), DEAD_LETTER_GROUP, DEAD_LETTER_GROUP, listener);
        container
                .getContainerProperties()
                .getKafkaConsumerProperties()
                .setProperty("max.poll.records", String.valueOf(DEAD_LETTERS_AT_ONCE));
        return container;
    }

    @Bean
    KafkaAdmin.NewTopics sagaTopics(Topics topics, OrchestratorProperties properties) {
        Stream<NewTopic> working = topics.all().stream()
                .map(topic -> TopicBuilder.name(topic)
                        .partitions(properties.partitions())
                        .build());
        Stream<NewTopic> setAside = topics.deadLetters().stream()
                .map(topic -> TopicBuilder.name(topic).partitions(1).build());
        return new KafkaAdmin.NewTopics(Stream.concat(working, setAside).toArray(NewTopic[]::new));
    }
}
