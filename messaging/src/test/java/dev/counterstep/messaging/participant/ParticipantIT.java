package dev.counterstep.messaging.participant;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.ParticipantClient;
import dev.counterstep.messaging.ParticipantContract;
import dev.counterstep.messaging.SampleHandlers;
import dev.counterstep.messaging.TcpProxy;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The contract on the smallest participant there is, and what takes outages and a second instance to see. */
class ParticipantIT extends ParticipantContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestDatabase database;
    private static ConfigurableApplicationContext instance;

    @BeforeAll
    static void start() {
        database = TestInfrastructure.newDatabase("inventory");
        SampleHandlers.createTable(database);
        instance = start("sample", database, TestInfrastructure.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Override
    protected String participant() {
        return "sample";
    }

    @Override
    protected Sample sample(UUID sagaId) {
        return SampleHandlers.sample();
    }

    @Override
    protected int effects(UUID sagaId) {
        return SampleHandlers.effects(database.dataSource(), sagaId);
    }

    @Test
    void replyGoesToTheTopicTheCommandNames() {
        Map<String, String> headers = new HashMap<>(action().headers());
        headers.put("saga-reply-to", "sample.replies");
        client().send(sagaId().toString(), headers, action().body().getBytes(UTF_8));

        assertThat(client().awaitReplies(sagaId(), 1)).hasSize(1);
    }

    @Test
    void replyNeverGoesToATopicThatIsNotForReplies() {
        Map<String, String> headers = new HashMap<>(action().headers());
        headers.put("saga-reply-to", "inventory.commands");
        client().send(sagaId().toString(), headers, action().body().getBytes(UTF_8));

        assertThat(client().awaitReplies(sagaId(), 1)).hasSize(1);
    }

    @Test
    void bodyThatDoesNotFitItsHandlerIsADeadLetter() {
        client().send(CommandMessage.action(sagaId(), "sample.apply", "{\"amount\": \"many\"}"));

        assertThat(client().awaitDeadLetters("saga-id", sagaId().toString(), 1)).hasSize(1);
        assertThat(effects(sagaId())).isZero();
    }

    @Test
    void secondInstanceSharesTheWork() {
        try (var second = start("sample", database, TestInfrastructure.bootstrapServers())) {
            Awaitility.await().atMost(PATIENCE).until(() -> partitions(instance) > 0 && partitions(second) > 0);
            assertThat(partitions(instance) + partitions(second)).isEqualTo(TestInfrastructure.PARTITIONS);
            double before = replies(second);

            List<UUID> sagas = Stream.generate(UUID::randomUUID).limit(60).toList();
            sagas.forEach(saga -> client().send(CommandMessage.action(saga, "sample.apply", "{\"amount\": 1}")));

            assertThat(sagas).allSatisfy(saga -> {
                assertThat(client().awaitReplies(saga, 1)).hasSize(1);
                assertThat(effects(saga)).isEqualTo(1);
            });
            assertThat(replies(second) - before).isBetween(1.0, 59.0);
        }
        Awaitility.await().atMost(PATIENCE).until(() -> partitions(instance) == TestInfrastructure.PARTITIONS);
    }

    @Test
    void participantGoesOnWhenItsDatabaseIsBack() {
        try (TcpProxy wire = TestInfrastructure.newPostgresWire();
                var far = start(
                        "far", TestInfrastructure.throughWire(database, wire), TestInfrastructure.bootstrapServers());
                ParticipantClient client = new ParticipantClient("far")) {
            assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");
            wire.cut();
            UUID during = UUID.randomUUID();
            client.send(CommandMessage.action(during, "sample.apply", "{\"amount\": 1}"));
            Awaitility.await().atMost(PATIENCE).until(() -> batches(far) > 1);
            wire.restore();

            assertThat(client.awaitReplies(during, 1))
                    .extracting(ParticipantClient.Message::outcome)
                    .containsExactly("SUCCEEDED");
            assertThat(effects(during)).isEqualTo(1);
        }
    }

    @Test
    void participantGoesOnWhenItsBrokerIsBack() {
        TcpProxy wire = TestInfrastructure.kafkaWire();
        try (var far = start("remote", database, TestInfrastructure.cuttableBootstrapServers());
                ParticipantClient client = new ParticipantClient("remote")) {
            assertThat(client.ask(action()).outcome()).isEqualTo("SUCCEEDED");
            wire.cut();
            UUID during = UUID.randomUUID();
            client.send(CommandMessage.action(during, "sample.apply", "{\"amount\": 1}"));
            Awaitility.await("the command rests").during(Duration.ofMillis(500)).until(() -> effects(during) == 0);
            wire.restore();

            assertThat(client.awaitReplies(during, 1))
                    .extracting(ParticipantClient.Message::outcome)
                    .containsExactly("SUCCEEDED");
            assertThat(effects(during)).isEqualTo(1);
            assertThat(far.isActive()).isTrue();
        } finally {
            wire.restore();
        }
    }

    private static int partitions(ConfigurableApplicationContext context) {
        Collection<?> assigned = context.getBean("commandListenerContainer", ConcurrentMessageListenerContainer.class)
                .getAssignedPartitions();
        return assigned == null ? 0 : assigned.size();
    }

    private static double replies(ConfigurableApplicationContext context) {
        return context.getBean(MeterRegistry.class).find("saga.command.replies").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static long batches(ConfigurableApplicationContext context) {
        var timer = context.getBean(MeterRegistry.class)
                .find("saga.command.batch.duration")
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private static ConfigurableApplicationContext start(
            String participant, TestDatabase database, String bootstrapServers) {
        Properties properties = database.properties();
        properties.putAll(Map.of(
                "counterstep.messaging.participant",
                participant,
                "counterstep.messaging.source",
                participant + "-service",
                "spring.datasource.hikari.connection-timeout",
                "1000",
                "spring.kafka.bootstrap-servers",
                bootstrapServers));
        return new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(SampleHandlers.class)
    static class App {}
}
