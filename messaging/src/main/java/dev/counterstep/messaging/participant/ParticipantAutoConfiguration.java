package dev.counterstep.messaging.participant;

import java.time.Clock;
import java.util.List;
import java.util.Objects;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.BatchListeners;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.messaging.outbox.Outbox;

/**
 * Makes a process a participant when {@code counterstep.messaging.participant} names one: finds its {@link SagaCommand}
 * methods, declares its topics, and listens on {@code <participant>.commands} as group {@code <participant>-service}.
 */
@AutoConfiguration(
        afterName = {
            "dev.counterstep.messaging.MessagingAutoConfiguration",
            "dev.counterstep.messaging.outbox.OutboxAutoConfiguration"
        })
@ConditionalOnProperty("counterstep.messaging.participant")
public final class ParticipantAutoConfiguration {

    ParticipantAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CommandHandlers commandHandlers(ConfigurableListableBeanFactory beans) {
        return CommandHandlers.of(beans);
    }

    @Bean
    @ConditionalOnMissingBean
    Replies participantReplies(MessageCodec codec, MessagingProperties properties) {
        return new Replies(codec, participant(properties));
    }

    @Bean
    @ConditionalOnMissingBean
    ParticipantMetrics participantMetrics(ObjectProvider<MeterRegistry> registry) {
        return new ParticipantMetrics(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    @ConditionalOnMissingBean
    ExternalCalls externalCalls(MessagingProperties properties) {
        return new ExternalCalls(properties.externalCalls());
    }

    @Bean
    @ConditionalOnMissingBean
    RoundProcessor roundProcessor(
            PlatformTransactionManager transactionManager,
            JdbcTemplate jdbc,
            Outbox outbox,
            ExternalCalls externalCalls,
            Replies replies,
            ParticipantMetrics metrics) {
        TransactionTemplate transaction = new TransactionTemplate(transactionManager);
        transaction.setName("saga.command");
        return new RoundProcessor(transaction, new Inbox(jdbc), outbox, externalCalls, replies, metrics);
    }

    @Bean
    @ConditionalOnMissingBean
    CommandListener commandListener(
            MessageCodec codec,
            CommandHandlers handlers,
            Replies replies,
            Clock clock,
            RoundProcessor processor,
            ParticipantMetrics metrics) {
        return new CommandListener(new CommandReader(codec, handlers, replies, clock, metrics), processor, metrics);
    }

    /** The broker's defaults say how many partitions and replicas; a topic that is there stays as it is. */
    @Bean
    @ConditionalOnMissingBean(name = "participantTopics")
    KafkaAdmin.NewTopics participantTopics(MessagingProperties properties) {
        return new KafkaAdmin.NewTopics(Replies.topics(participant(properties)).stream()
                .map(topic -> TopicBuilder.name(topic).build())
                .toArray(NewTopic[]::new));
    }

    @Bean
    @ConditionalOnMissingBean(name = "commandListenerContainer")
    ConcurrentMessageListenerContainer<byte[], byte[]> commandListenerContainer(
            ConsumerFactory<byte[], byte[]> messageConsumerFactory,
            CommandListener listener,
            MessagingProperties properties) {
        String participant = participant(properties);
        var container = BatchListeners.container(
                messageConsumerFactory,
                List.of(participant + ".commands"),
                participant + "-service",
                properties.source() + "-commands",
                listener);
        container.setConcurrency(properties.concurrency());
        return container;
    }

    private static String participant(MessagingProperties properties) {
        return Objects.requireNonNull(properties.participant(), "counterstep.messaging.participant");
    }
}
