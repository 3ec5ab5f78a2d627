package dev.counterstep.messaging;

import java.time.Clock;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import dev.counterstep.storage.TimeOrderedIds;

/**
 * Sets up what everything else needs to talk to Kafka: the codec, and factories of clients that carry bytes.
 *
 * <p>The factories take connection and security from Boot's {@code spring.kafka.*}. They stand beside Boot's own, which stay
 * what an application expects of them.
 */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@EnableConfigurationProperties(MessagingProperties.class)
public final class MessagingAutoConfiguration {

    MessagingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    TimeOrderedIds timeOrderedIds(Clock clock) {
        return new TimeOrderedIds(clock);
    }

    @Bean
    @ConditionalOnMissingBean
    MessageCodec messageCodec(MessagingProperties properties, Clock clock) {
        return new MessageCodec(properties, clock);
    }

    @Bean
    @ConditionalOnMissingBean
    KafkaClientSettings kafkaClientSettings(
            KafkaProperties kafka, KafkaConnectionDetails connection, MessagingProperties properties) {
        return new KafkaClientSettings(kafka, connection, properties.source());
    }

    /** Only for the relay. */
    @Bean
    @ConditionalOnMissingBean(name = "outboxProducerFactory")
    ProducerFactory<byte[], byte[]> outboxProducerFactory(
            KafkaClientSettings settings, ObjectProvider<DefaultKafkaProducerFactoryCustomizer> customizers) {
        DefaultKafkaProducerFactory<byte[], byte[]> factory = new DefaultKafkaProducerFactory<>(settings.producer());
        factory.setPhysicalCloseTimeout(KafkaClientSettings.CLOSE_TIMEOUT_SECONDS);
        customizers.orderedStream().forEach(customizer -> customizer.customize(factory));
        return factory;
    }

    /** For listeners; group and client id are the listener's own. */
    @Bean
    @ConditionalOnMissingBean(name = "messageConsumerFactory")
    ConsumerFactory<byte[], byte[]> messageConsumerFactory(
            KafkaClientSettings settings, ObjectProvider<DefaultKafkaConsumerFactoryCustomizer> customizers) {
        DefaultKafkaConsumerFactory<byte[], byte[]> factory = new DefaultKafkaConsumerFactory<>(settings.consumer());
        customizers.orderedStream().forEach(customizer -> customizer.customize(factory));
        return factory;
    }

    @Bean
    @ConditionalOnMissingBean(name = "kafkaHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("kafka")
    KafkaHealthIndicator kafkaHealthIndicator(KafkaAdmin admin) {
        return new KafkaHealthIndicator(admin.getConfigurationProperties());
    }
}
