package dev.counterstep.order.notification;

import java.util.Map;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/** The notification topics, and how they are read. */
@Configuration(proxyBeanMethods = false)
class NotificationConfiguration {

    static final String CONTAINERS = "notificationContainers";

    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;
    private static final double BACKOFF_MULTIPLIER = 2;

    /** The broker's defaults say how many partitions and replicas; a topic that is there stays as it is. */
    @Bean
    NewTopics notificationTopics() {
        return new NewTopics(
                topic(Priority.HIGH_TOPIC),
                topic(Priority.HIGH_TOPIC + ".dlt"),
                topic(Priority.LOW_TOPIC),
                topic(Priority.LOW_TOPIC + ".dlt"));
    }

    private static NewTopic topic(String name) {
        return TopicBuilder.name(name).build();
    }

    /** Reads batches. What fails is not the messages' fault, since poison is set aside: the batch comes again, for ever. */
    @Bean(CONTAINERS)
    ConcurrentKafkaListenerContainerFactory<byte[], byte[]> notificationContainers(
            ConsumerFactory<byte[], byte[]> messageConsumerFactory) {
        var backOff = new ExponentialBackOff(FIRST_BACKOFF_MILLIS, BACKOFF_MULTIPLIER);
        backOff.setMaxInterval(LONGEST_BACKOFF_MILLIS);
        var errorHandler = new DefaultErrorHandler(backOff);
        errorHandler.setClassifications(Map.of(), true);
        var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
        factory.setConsumerFactory(messageConsumerFactory);
        factory.setBatchListener(true);
        factory.setCommonErrorHandler(errorHandler);
        return factory;
    }
}
