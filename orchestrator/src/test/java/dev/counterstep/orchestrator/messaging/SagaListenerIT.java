package dev.counterstep.orchestrator.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.runtime.OrchestratorNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A whole orchestrator but for its HTTP side, on the real broker. Participants and topics are its own, so that no other test's
 * orchestrator takes part.
 */
class SagaListenerIT {

    private static final String VOYAGE = """
            saga: voyage
            version: 1
            start: {topic: voyage.events, type: voyage.booked, businessKey: input.voyage, when: input.deck == 'sun'}
            cancel: {topic: voyage.events, type: voyage.called-off, businessKey: input.voyage}
            steps:
              - {id: cabin, participant: ship, action: cabin.take, compensation: cabin.give, timeout: 1s,
                 retry: {attempts: 2, backoff: 50ms, max: 50ms}}
              - {id: fare, participant: bank, action: fare.take, compensation: fare.give, kind: pivot}
            """;

    private static final String EXCURSION = """
            saga: excursion
            version: 1
            start: {topic: voyage.events, type: excursion.booked, businessKey: input.voyage}
            steps:
              - {id: cabin, participant: ship, action: cabin.take, compensation: cabin.give}
              - {id: guide, participant: ship, action: guide.hire, compensation: guide.dismiss, when: input.deck == 'shore'}
              - {id: fare, participant: bank, action: fare.take, compensation: fare.give, kind: pivot}
            """;

    private static TestDatabase database;
    private static OrchestratorNode node;
    private static Wire wire;
    private static volatile boolean shipAnswers = true;
    private static volatile boolean bankRefuses;

    @BeforeAll
    static void start() {
        database = TestInfrastructure.newDatabase("orchestrator");
        node = OrchestratorNode.withKafka(
                database,
                Map.of(
                        "spring.kafka.bootstrap-servers", TestInfrastructure.cuttableBootstrapServers(),
                        "counterstep.participants", "order,inventory,payment,delivery,ship,bank",
                        "counterstep.definitions.topics", "order.events,voyage.events",
                        "counterstep.definitions.refresh", "200ms",
                        "counterstep.orchestrator.partitions", "3",
                        "counterstep.orchestrator.timer-interval", "100ms",
                        "counterstep.orchestrator.observe-interval", "200ms",
                        // Well below the timeout of a step, as everywhere.
                        "counterstep.orchestrator.outbox-patience", "300ms"));
        node.define(VOYAGE);
        node.define(EXCURSION);
        wire = new Wire(List.of("ship.commands", "bank.commands", "saga.events"), SagaListenerIT::outcome);
    }

    private static @Nullable String outcome(String command) {
        if (command.startsWith("fare")) {
            return bankRefuses ? "REJECTED" : "SUCCEEDED";
        }
        return shipAnswers ? "SUCCEEDED" : null;
    }

    @AfterAll
    static void stop() throws InterruptedException {
        wire.close();
        node.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(node.bean(SagaVerifier.class).verify().difference()).isNull();
    }

    @Test
    void eventStartsASagaThatRunsToItsEnd() {
        String key = book("sun");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("COMPLETED"));
        assertThat(node.sql()
                        .sql("SELECT data #>> '{steps,fare,answer}' FROM saga_v1.saga WHERE business_key = :key")
                        .param("key", key)
                        .query(String.class)
                        .single())
                .isEqualTo("4.20");
        await().until(() -> wire.seen().contains("saga.completed"));
    }

    @Test
    void refusalCompensates() {
        bankRefuses = true;
        try {
            String key = book("sun");
            await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("COMPENSATED"));
            assertThat(wire.seen()).contains("cabin.give").doesNotContain("fare.give");
        } finally {
            bankRefuses = false;
        }
    }

    @Test
    void conditionalStepRunsAndIsUndoneOnlyWhereItsConditionHolds() {
        String with = book("excursion.booked", "shore");
        String without = book("excursion.booked", "sun");
        awaitStatus(with, "COMPLETED");
        awaitStatus(without, "COMPLETED");
        bankRefuses = true;
        try {
            String undoneWith = book("excursion.booked", "shore");
            String undoneWithout = book("excursion.booked", "sun");
            awaitStatus(undoneWith, "COMPENSATED");
            awaitStatus(undoneWithout, "COMPENSATED");
            assertThat(sent(undoneWith))
                    .containsExactly(
                            "cabin ACTION", "guide ACTION", "fare ACTION", "guide COMPENSATION", "cabin COMPENSATION");
            assertThat(sent(undoneWithout)).containsExactly("cabin ACTION", "fare ACTION", "cabin COMPENSATION");
        } finally {
            bankRefuses = false;
        }
        assertThat(sent(with)).containsExactly("cabin ACTION", "guide ACTION", "fare ACTION");
        assertThat(logged(with, "STEP_SKIPPED")).isZero();
        assertThat(sent(without)).containsExactly("cabin ACTION", "fare ACTION");
        assertThat(logged(without, "STEP_SKIPPED")).isEqualTo(1);
    }

    private static void awaitStatus(String key, String status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(status(key)).as(() -> log(key)).isEqualTo(status));
    }

    /** The commands of a saga that were sent, each attempt but the first left out. */
    private static List<String> sent(String key) {
        return node.sql().sql("""
                        SELECT format('%s %s', l.step, l.phase)
                        FROM saga_log AS l JOIN saga AS s ON s.id = l.saga_id
                        WHERE business_key = :key AND l.kind = 'COMMAND_SENT' AND l.attempt = 1
                        ORDER BY seq
                        """).param("key", key).query(String.class).list();
    }

    @Test
    void replySentTwiceChangesStateOnce() {
        wire.answerTimes(2);
        try {
            String key = book("sun");
            await().atMost(Duration.ofSeconds(30)).until(() -> logged(key, "REPLY_IGNORED") == 2);
            assertThat(status(key)).as(() -> log(key)).isEqualTo("COMPLETED");
            assertThat(logged(key, "COMMAND_SENT")).as(() -> log(key)).isEqualTo(2);
            assertThat(logged(key, "REPLY_RECEIVED")).as(() -> log(key)).isEqualTo(2);
        } finally {
            wire.answerTimes(1);
        }
    }

    @Test
    void whatNobodyCanReadIsSetAsideAndShown() {
        wire.send("ship.replies", "key", Map.of("ce_id", "1"), "rubbish");
        wire.sendEvent("voyage.events", "voyage.booked", "k", "{\"voyage\": \"k\", \"deck\": \"none\"}");
        wire.sendEvent("voyage.events", "voyage.called-off", "k", "{\"voyage\": \"never-booked\"}");
        wire.sendEvent("voyage.events", "voyage.admired", "k", "not even JSON, and not for us");
        String key = book("sun");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("COMPLETED"));
        await().untilAsserted(() -> assertThat(node.sql()
                        .sql("SELECT code FROM dead_letter ORDER BY code")
                        .query(String.class)
                        .list())
                .containsExactly("missing-header", "no-definition", "unknown-saga"));
    }

    @Test
    void messageThatAnotherNodeHoldsIsTakenOver() {
        shipAnswers = false;
        try {
            String key = book("sun");
            await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("RUNNING"));
            hold(key, "cabin");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(status(key)).as(() -> log(key)).isEqualTo("COMPLETED"));
            assertThat(held()).isZero();
        } finally {
            shipAnswers = true;
        }
    }

    /** As a node would that cannot read version 1. */
    private static void hold(String key, String step) {
        node.sql().sql("""
                        INSERT INTO held_message (topic, topic_partition, topic_offset, definition, definition_version,
                                                  headers, body)
                        SELECT 'ship.replies', 0, 1000000, definition, definition_version,
                               jsonb_build_object('ce_id', 'held', 'ce_type', 'cabin.taken', 'saga-id', id,
                                   'saga-definition', 'voyage:1', 'saga-step', :step, 'saga-phase', 'ACTION',
                                   'saga-generation', '1', 'saga-attempt', '1', 'saga-outcome', 'SUCCEEDED'),
                               '{}'
                        FROM saga WHERE business_key = :key
                        """).param("key", key).param("step", step).update();
    }

    @Test
    void eventForADefinitionOnlyAnotherNodeCanReadIsHeld() {
        String orbit = VOYAGE.replace("voyage\n", "orbit\n").replace("voyage.booked", "orbit.booked");
        node.sql()
                .sql(
                        "INSERT INTO saga_definition (name, version, checksum, source) VALUES ('orbit', 1, :checksum, :source)")
                .param("checksum", "0".repeat(64))
                .param("source", orbit + "newfangled: true\n")
                .update();
        DefinitionRegistry definitions = node.bean(DefinitionRegistry.class);
        await().until(() -> definitions.unreadable().size() == 1);
        String key = "orbit-" + UUID.randomUUID();
        wire.sendEvent("voyage.events", "orbit.booked", key, "{\"voyage\": \"%s\", \"deck\": \"sun\"}".formatted(key));
        await().atMost(Duration.ofSeconds(30)).until(() -> held() == 1);
        JdbcClient owner = JdbcClient.create(database.ownerDataSource());
        owner.sql("ALTER TABLE saga_definition DISABLE TRIGGER saga_definition_insert_only")
                .update();
        owner.sql("UPDATE saga_definition SET source = ? WHERE name = 'orbit'")
                .param(orbit)
                .update();
        owner.sql("ALTER TABLE saga_definition ENABLE TRIGGER saga_definition_insert_only")
                .update();
        await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("COMPLETED"));
        assertThat(held()).isZero();
    }

    private static long held() {
        return node.sql()
                .sql("SELECT count(*) FROM held_message")
                .query(Long.class)
                .single();
    }

    @Test
    void cancelEventOfAnEarlierVersionStillMeansItsSagas() {
        shipAnswers = false;
        try {
            String cruise = VOYAGE.replace("voyage\n", "cruise\n").replace("timeout: 1s", "timeout: 1h");
            node.define(
                    cruise.replace("voyage.booked", "cruise.booked").replace("voyage.called-off", "cruise.dropped"));
            String key = "cruise-" + UUID.randomUUID();
            String body = "{\"voyage\": \"%s\", \"deck\": \"sun\"}".formatted(key);
            wire.sendEvent("voyage.events", "cruise.booked", key, body);
            await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("RUNNING"));
            node.define(cruise.replace("version: 1", "version: 2")
                    .replace("voyage.booked", "cruise.booked")
                    .replace("voyage.called-off", "cruise.cancelled"));
            shipAnswers = true;
            wire.sendEvent("voyage.events", "cruise.dropped", key, body);
            await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("COMPENSATED"));
        } finally {
            shipAnswers = true;
        }
    }

    @Test
    void silenceIsNobodysFaultWhileTheBrokerIsAway() {
        shipAnswers = false;
        String key = book("sun");
        await().atMost(Duration.ofSeconds(30)).until(() -> status(key).equals("RUNNING"));
        TestInfrastructure.kafkaWire().cut();
        try {
            shipAnswers = true;
            // Longer than all attempts together would take; time passes for the database alone.
            node.sql().sql("SELECT pg_sleep(4) IS NULL AS slept").query().singleRow();
            assertThat(status(key)).as(() -> log(key)).isEqualTo("RUNNING");
        } finally {
            TestInfrastructure.kafkaWire().restore();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(status(key)).as(() -> log(key)).isEqualTo("COMPLETED"));
    }

    private static String book(String deck) {
        return book("voyage.booked", deck);
    }

    private static String book(String type, String deck) {
        String key = "voyage-" + UUID.randomUUID();
        wire.sendEvent("voyage.events", type, key, "{\"voyage\": \"%s\", \"deck\": \"%s\"}".formatted(key, deck));
        return key;
    }

    private static long logged(String key, String kind) {
        return node.sql()
                .sql("""
                        SELECT count(*)
                        FROM saga_log AS l JOIN saga AS s ON s.id = l.saga_id
                        WHERE business_key = :key AND kind = :kind
                        """)
                .param("key", key)
                .param("kind", kind)
                .query(Long.class)
                .single();
    }

    private static String log(String key) {
        return String.join(
                "\n", node.sql().sql("""
                                SELECT format('%s %s %s %s %s', l.at, l.kind, l.step, l.attempt, l.detail)
                                FROM saga_log AS l JOIN saga AS s ON s.id = l.saga_id
                                WHERE business_key = :key
                                ORDER BY seq
                                """).param("key", key).query(String.class).list());
    }

    private static String status(String key) {
        return node.sql()
                .sql("SELECT status FROM saga WHERE business_key = :key")
                .param("key", key)
                .query(String.class)
                .optional()
                .orElse("none");
    }
}
