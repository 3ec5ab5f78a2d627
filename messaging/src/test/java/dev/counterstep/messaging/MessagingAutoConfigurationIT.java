package dev.counterstep.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.outbox.OutboxRelay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The starter as an application gets it: real servers, nothing but properties. */
@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "spring.application.name=starter-test",
            "spring.kafka.producer.acks=1",
            "spring.kafka.consumer.max-poll-records=7"
        })
class MessagingAutoConfigurationIT {

    private static final TestDatabase DATABASE = TestInfrastructure.newDatabase("inventory");

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestInfrastructure.registerProperties(registry, DATABASE);
    }

    @Test
    void appendedEventReachesItsTopic(
            @Autowired Outbox outbox,
            @Autowired MessageCodec codec,
            @Autowired JdbcTemplate jdbc,
            @Autowired PlatformTransactionManager transactions,
            @Autowired ConsumerFactory<byte[], byte[]> consumers) {
        String topic = "starter." + UUID.randomUUID();
        Event event =
                new Event("1", "test.happened", "/starter-test", "s", Instant.EPOCH, "c", null, "{}".getBytes(UTF_8));

        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> outbox.append(List.of(codec.encode(event, topic, "k"))));

        await().until(() -> Long.valueOf(0).equals(jdbc.queryForObject("SELECT count(*) FROM outbox", Long.class)));
        try (Consumer<byte[], byte[]> consumer = consumers.createConsumer("g" + topic, "")) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                assertThat(records)
                        .singleElement()
                        .satisfies(record -> assertThat(codec.decodeEvent(MessageCodec.inbound(record)))
                                .usingRecursiveComparison()
                                .isEqualTo(event));
            });
        }
    }

    @Test
    void safetyIsNotForConfigurationButTuningIs(
            @Autowired ProducerFactory<byte[], byte[]> producers,
            @Autowired ConsumerFactory<byte[], byte[]> consumers) {
        Map<String, Object> producer = producers.getConfigurationProperties();
        assertThat(producer)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .as("an append does not wait for a broker that is away")
                .containsEntry(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none")
                .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "starter-test-outbox");
        assertThat(consumers.getConfigurationProperties())
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7);
    }

    @Test
    void eachBatchIsPlannedForWhatItIs(@Autowired JdbcTemplate jdbc) {
        assertThat(jdbc.queryForObject("SHOW plan_cache_mode", String.class)).isEqualTo("force_custom_plan");
    }

    @Test
    void applicationsOwnKafkaBeansStayBoots(@Autowired ApplicationContext context) {
        assertThat(context.getBeansOfType(KafkaTemplate.class)).hasSize(1);
        assertThat(context.getBeansOfType(ProducerFactory.class)).hasSize(2);
        assertThat(context.getBean(OutboxRelay.class).isRunning()).isTrue();
        assertThat(context.containsBean("kafkaHealthIndicator")).isTrue();
    }
}
