package dev.counterstep.orchestrator.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

import dev.counterstep.orchestrator.OrchestratorProperties;

/** The consumers, and the topics they and the participants need. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    /** A group of its own: what happens to dead letters does not disturb those that read replies. */
    private static final String DEAD_LETTER_GROUP = OrchestratorProperties.GROUP + "-dead-letters";

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    /** A dead letter can be as large as the broker accepts. */
    private static final int DEAD_LETTERS_AT_ONCE = 50;

    /** Replies and events together: whatever was polled at once is one batch. */
    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> sagaListenerContainer(
            @Qualifier("messageConsumerFactory") ConsumerFactory<byte[], byte[]> consumers,
            Topics topics,
            SagaListener listener,
            OrchestratorProperties properties) {
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                container(consumers, topics.inbound(), OrchestratorProperties.GROUP, listener);
        container.setConcurrency(properties.concurrency());
        return container;
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> deadLetterListenerContainer(
            @Qualifier("messageConsumerFactory") ConsumerFactory<byte[], byte[]> consumers,
            Topics topics,
            DeadLetterListener listener) {
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                container(consumers, topics.deadLetters(), DEAD_LETTER_GROUP, listener);
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

    private static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            ConsumerFactory<byte[], byte[]> consumers,
            List<String> topics,
            String group,
            BatchMessageListener<byte[], byte[]> listener) {
        ContainerProperties settings = new ContainerProperties(topics.toArray(String[]::new));
        settings.setMessageListener(listener);
        settings.setGroupId(group);
        settings.setClientId(group);
        settings.setAckMode(ContainerProperties.AckMode.BATCH);
        // Even an empty partition has a committed offset then: who waits for replies can tell that it is read.
        settings.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.ALWAYS);
        // A producer's transaction markers would look like replies that nobody reads.
        settings.setFixTxOffsets(true);
        settings.setAuthExceptionRetryInterval(LONGEST_RETRY);
        settings.setShutdownTimeout(SHUTDOWN.toMillis());
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                new ConcurrentMessageListenerContainer<>(consumers, settings);
        container.setCommonErrorHandler(tryAgainForEver());
        return container;
    }

    /** What reaches the container is a database that is away: waiting is the one remedy, and skipping would lose messages. */
    private static DefaultErrorHandler tryAgainForEver() {
        ExponentialBackOff backOff = new ExponentialBackOff(FIRST_RETRY.toMillis(), 2);
        backOff.setMaxInterval(LONGEST_RETRY.toMillis());
        DefaultErrorHandler handler = new DefaultErrorHandler(
                (record, exception) -> {
                    throw new IllegalStateException("a message must not be skipped", exception);
                },
                backOff);
        handler.setClassifications(Map.of(), true);
        return handler;
    }
}
