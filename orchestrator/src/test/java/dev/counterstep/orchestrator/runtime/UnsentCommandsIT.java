package dev.counterstep.orchestrator.runtime;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.TestInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** By default commands may wait for two seconds. */
class UnsentCommandsIT {

    private static OrchestratorNode node;

    @BeforeAll
    static void startNode() {
        node = OrchestratorNode.on(TestInfrastructure.newDatabase("orchestrator"));
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void emptyOutbox() {
        node.sql().sql("DELETE FROM outbox").update();
    }

    @Test
    void nothingWaitsInAnEmptyOutbox() {
        assertThat(node.bean(UnsentCommands.class).look().oldestAt()).isEmpty();
    }

    @Test
    void commandThatHasJustBeenAppendedIsNotWaiting() {
        append("payment.commands", Duration.ZERO);
        assertThat(node.bean(UnsentCommands.class).look().oldestAt()).isEmpty();
    }

    @Test
    void commandsThatWaitAreToldByTopicWithTheOldest() {
        append("saga.events", Duration.ofMinutes(3));
        append("payment.commands", Duration.ofMinutes(2));
        append("payment.commands", Duration.ofMinutes(1));
        append("order.commands", Duration.ZERO);
        await().untilAsserted(() -> {
            UnsentCommands.Unsent unsent = node.bean(UnsentCommands.class).look();
            assertThat(unsent.oldestAt()).containsOnlyKeys("payment.commands", "order.commands");
            assertThat(Duration.between(unsent.oldestAt().get("payment.commands"), unsent.at()))
                    .isBetween(Duration.ofSeconds(115), Duration.ofSeconds(180));
        });
    }

    private static void append(String topic, Duration age) {
        node.sql().sql("""
                        INSERT INTO outbox (topic, message_key, headers, body, created_at)
                        VALUES (:topic, 'k', '{}', '', now() - make_interval(secs => :age))
                        """).param("topic", topic).param("age", age.toSeconds()).update();
    }
}
