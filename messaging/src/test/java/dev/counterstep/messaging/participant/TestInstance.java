package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.SampleHandlers;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.participant.ScriptedHandlers.Scripts;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One instance of a participant on a real database, with the listener in the test's hands: batches are given to it directly,
 * and what it answers rests in the outbox.
 */
final class TestInstance implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final CommandListener listener;
    private long offset;

    private TestInstance(ConfigurableApplicationContext context) {
        this.context = context;
        this.listener = context.getBean(CommandListener.class);
    }

    static TestInstance start(TestDatabase database, Scripts scripts) {
        Properties properties = database.properties();
        properties.putAll(Map.of(
                "counterstep.messaging.participant", "sample",
                "counterstep.messaging.source", "sample-service",
                "counterstep.messaging.relay.enabled", "false",
                "spring.datasource.hikari.connection-timeout", "2000",
                "spring.kafka.bootstrap-servers", "localhost:1",
                "spring.kafka.admin.auto-create", "false"));
        return new TestInstance(new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean(StatementCounter.class);
                    beans.registerBean(Scripts.class, () -> scripts);
                    beans.registerBean(ScriptedHandlers.class);
                    beans.registerBean(SampleHandlers.class);
                    beans.registerBean("commandListenerContainer", Object.class, Object::new);
                })
                .run());
    }

    /** Gives the listener one polled batch. */
    void poll(CommandMessage... commands) {
        poll(List.of(commands));
    }

    void poll(List<CommandMessage> commands) {
        poll(commands, command -> command.sagaId().toString());
    }

    void poll(List<CommandMessage> commands, Function<CommandMessage, String> key) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (CommandMessage command : commands) {
            var record = new ConsumerRecord<>(
                    "sample.commands",
                    0,
                    offset++,
                    key.apply(command).getBytes(UTF_8),
                    command.body().getBytes(UTF_8));
            command.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
            records.add(record);
        }
        listener.onMessage(records);
    }

    JdbcTemplate jdbc() {
        return context.getBean(JdbcTemplate.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The outcomes answered so far, oldest first. */
    List<String> outcomes(UUID sagaId) {
        return replies(sagaId, "saga-outcome");
    }

    List<String> reasons(UUID sagaId) {
        return replies(sagaId, "saga-reason");
    }

    private List<String> replies(UUID sagaId, String header) {
        return jdbc().queryForList("""
                        SELECT coalesce(headers ->> ?, '') FROM outbox
                        WHERE headers ->> 'saga-id' = ? AND topic = 'sample.replies' ORDER BY id
                        """, String.class, header, sagaId.toString());
    }

    long deadLetters(UUID sagaId) {
        Long count = jdbc().queryForObject(
                        "SELECT count(*) FROM outbox WHERE headers ->> 'saga-id' = ? AND topic = 'sample.commands.dlt'",
                        Long.class,
                        sagaId.toString());
        return count == null ? 0 : count;
    }

    /** The inbox rows as PHASE generation outcome, sorted. */
    List<String> inbox(UUID sagaId) {
        return jdbc().queryForList("""
                        SELECT phase || ' ' || generation || ' ' || coalesce(outcome, 'OPEN') FROM inbox
                        WHERE saga_id = ? ORDER BY phase, generation
                        """, String.class, sagaId);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}
}
