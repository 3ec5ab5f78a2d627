package dev.counterstep.order.notification;

import java.util.List;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import dev.counterstep.messaging.BatchListeners;

/** The notification topics, and a consumer for each. */
@Configuration(proxyBeanMethods = false)
class NotificationConfiguration {

    /** A customer does not notice how long a notification gathered company, the database does; and a quiet broker is asked less often. */
    private static final int GATHERING_MILLIS = 1_000;

    private static final int GATHERED_BYTES = 64 * 1024;

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

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> highNotificationContainer(
            ConsumerFactory<byte[], byte[]> messageConsumerFactory, NotificationListener listener) {
        return container(messageConsumerFactory, Priority.HIGH_TOPIC, "order-service-notifications-high", listener);
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> lowNotificationContainer(
            ConsumerFactory<byte[], byte[]> messageConsumerFactory, NotificationListener listener) {
        return container(messageConsumerFactory, Priority.LOW_TOPIC, "order-service-notifications-low", listener);
    }

    private static ConcurrentMessageListenerContainer<byte[], byte[]> container(
            ConsumerFactory<byte[], byte[]> consumers, String topic, String group, NotificationListener listener) {
        var container = BatchListeners.container(consumers, List.of(topic), group, group, listener);
        var settings = container.getContainerProperties().getKafkaConsumerProperties();
        settings.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, String.valueOf(GATHERED_BYTES));
        settings.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, String.valueOf(GATHERING_MILLIS));
        return container;
    }
}
