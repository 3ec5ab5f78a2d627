package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.messaging.Reading;
import dev.counterstep.orchestrator.persistence.SagaQueries;
import dev.counterstep.orchestrator.persistence.SagaStore;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Answerability.Observation;
import dev.counterstep.orchestrator.saga.SagaDefinition;

/**
 * One orchestrator on a real database; unless asked for otherwise, without its consumers, its relay and the clockwork of its timers: a test does by hand
 * what they would do, and participants count as having been heard since ever.
 */
public final class OrchestratorNode implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private OrchestratorNode(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ComponentScan(basePackageClasses = {SagaCoordinator.class, SagaStore.class, DefinitionRegistry.class})
    static class Engine {}

    /** No configuration class, or the scan of the engine would find it here. */
    @ComponentScan("dev.counterstep.orchestrator.messaging")
    static class Listeners {}

    /** An engine on this database. */
    public static OrchestratorNode on(TestDatabase database) {
        OrchestratorNode node = start(
                database,
                Map.of(
                        "counterstep.messaging.relay.enabled", "false",
                        "counterstep.definitions.refresh", "1h",
                        "counterstep.orchestrator.timer-interval", "1h",
                        "counterstep.orchestrator.observe-interval", "1h",
                        "counterstep.orchestrator.gauge-interval", "1h"),
                Engine.class,
                Reading.Parts.class,
                StatementCounter.class);
        node.hearsEverybody();
        return node;
    }

    /** Since ever. */
    void hearsEverybody() {
        bean(Answerability.class).observed(new Observation(Instant.EPOCH, Set.of(), Map.of(), Map.of(), Map.of()));
    }

    /** A command to this participant cannot be sent. */
    void hearsEverybodyBut(String participant) {
        Map<String, Instant> unsent = Map.of(OrchestratorProperties.commandTopic(participant), Instant.MIN);
        bean(Answerability.class).observed(new Observation(Instant.EPOCH, Set.of(), unsent, Map.of(), Map.of()));
    }

    /** A whole one, but for its HTTP side. */
    public static OrchestratorNode withKafka(TestDatabase database, Map<String, String> properties) {
        return start(database, properties, Engine.class, Listeners.class);
    }

    private static OrchestratorNode start(TestDatabase database, Map<String, String> properties, Class<?>... parts) {
        Map<String, String> all = new HashMap<>(properties);
        database.properties().forEach((name, value) -> all.put(name.toString(), value.toString()));
        all.put("spring.config.name", "orchestrator");
        all.put("spring.datasource.hikari.maximum-pool-size", "4");
        // As arguments: they outrank what orchestrator.yaml says.
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new OrchestratorNode(
                new SpringApplicationBuilder(parts).web(WebApplicationType.NONE).run(arguments));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** What happens every {@code counterstep.definitions.refresh} otherwise. */
    void refreshDefinitions() {
        ScheduledAnnotationBeanPostProcessor clockwork = bean(ScheduledAnnotationBeanPostProcessor.class);
        clockwork.getScheduledTasks().stream()
                .filter(task -> task.toString().endsWith("DefinitionRegistry.refreshInTime"))
                .forEach(task -> task.getTask().getRunnable().run());
    }

    public SagaDefinition define(String source) {
        return bean(DefinitionRegistry.class).register(source).definition().saga();
    }

    /** What messages bring, as the consumers would read them. */
    List<Arrival> read(List<InboundMessage> messages) {
        return Reading.of(context, messages);
    }

    Handled handle(Arrival arrival) {
        return handle(List.of(arrival)).get(0);
    }

    List<Handled> handle(List<? extends Arrival> arrivals) {
        return bean(SagaCoordinator.class).handle(List.copyOf(arrivals));
    }

    public StoredSaga saga(UUID id) {
        return bean(SagaQueries.class).find(id).orElseThrow();
    }

    public JdbcClient sql() {
        return bean(JdbcClient.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
