package dev.counterstep.orchestrator.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.MessageListenerContainer;

import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.runtime.OrchestratorNode;
import dev.counterstep.orchestrator.runtime.Participants;
import dev.counterstep.orchestrator.runtime.SagaOperations;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A thousand sagas in flight, and some part away for longer than every timeout they have. Participants and topics are this
 * test's own, so that no other test's orchestrator takes part.
 */
class OutageIT {

    private static final int SAGAS = 1_000;

    /** Longer than an attempt, than all attempts of a step together, and than the deadline of a saga. */
    private static final Duration OUTAGE = Duration.ofSeconds(13);

    private static final String CROSSING = """
            saga: crossing
            version: 1
            timeout: 12s
            steps:
              - {id: cabin, participant: ferry, action: cabin.take, compensation: cabin.give, timeout: 5s,
                 retry: {attempts: 2, backoff: 50ms, max: 50ms}}
              - {id: fare, participant: purse, action: fare.take, compensation: fare.give, kind: pivot, timeout: 5s,
                 retry: {attempts: 2, backoff: 50ms, max: 50ms}}
            """;

    /** Does not need the ferry. */
    private static final String GIFT = """
            saga: gift
            version: 1
            timeout: 12s
            steps:
              - {id: fare, participant: purse, action: fare.take, compensation: fare.give, timeout: 5s,
                 retry: {attempts: 2, backoff: 50ms, max: 50ms}}
              - {id: thanks, participant: purse, action: thanks.say, timeout: 5s}
            """;

    private static OrchestratorNode node;
    private static Wire wire;
    private static SagaDefinition crossing;
    private static SagaDefinition cruise;
    private static SagaDefinition gift;
    private static volatile boolean ferryAnswers = true;
    private static volatile CountDownLatch ferryIsBack = new CountDownLatch(0);
    private static int keys;

    @BeforeAll
    static void start() {
        node = OrchestratorNode.withKafka(
                TestInfrastructure.newDatabase("orchestrator"),
                Map.of(
                        "spring.kafka.bootstrap-servers", TestInfrastructure.cuttableBootstrapServers(),
                        "counterstep.participants", "order,inventory,payment,delivery,ferry,purse",
                        "counterstep.orchestrator.partitions", "3",
                        "counterstep.orchestrator.timer-interval", "100ms",
                        "counterstep.orchestrator.observe-interval", "200ms",
                        // Well below the timeout of a step, as everywhere.
                        "counterstep.orchestrator.outbox-patience", "500ms",
                        "counterstep.orchestrator.reply-patience", "1s"));
        crossing = node.define(CROSSING);
        // As long in all, in more attempts: a ferry that is back finds some left.
        cruise = node.define(CROSSING.replace("crossing", "cruise")
                .replace("timeout: 5s", "timeout: 2500ms")
                .replace("attempts: 2", "attempts: 4"));
        gift = node.define(GIFT);
        wire = new Wire(List.of("ferry.commands", "purse.commands"), OutageIT::outcome);
        startSagas(crossing, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> sagas(crossing, "COMPLETED") == 1);
    }

    private static @Nullable String outcome(String command) {
        if (!command.startsWith("cabin")) {
            return "SUCCEEDED";
        }
        try {
            ferryIsBack.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return ferryAnswers ? "SUCCEEDED" : null;
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
    void brokerStoppedLongerThanEveryTimeoutCompensatesNone() {
        long completed = sagas(crossing, "COMPLETED");
        // The first half's commands are on their topics, or on their way there, when the broker goes; so are their
        // replies then.
        ferryIsBack = new CountDownLatch(1);
        startSagas(crossing, SAGAS / 2);
        TestInfrastructure.kafkaWire().cut();
        try {
            ferryIsBack.countDown();
            startSagas(crossing, SAGAS / 2);
            pass(OUTAGE);
            assertThat(sagas(crossing, "RUNNING")).isEqualTo(SAGAS);
        } finally {
            TestInfrastructure.kafkaWire().restore();
        }
        expectAllCompleted(completed + SAGAS);
    }

    @Test
    void replyConsumerStoppedLongerThanEveryTimeoutCompensatesNone() {
        long completed = sagas(crossing, "COMPLETED");
        MessageListenerContainer replies = node.bean("sagaListenerContainer", MessageListenerContainer.class);
        replies.stop();
        try {
            startSagas(crossing, SAGAS);
            pass(OUTAGE);
            assertThat(sagas(crossing, "RUNNING")).isEqualTo(SAGAS);
        } finally {
            replies.start();
        }
        expectAllCompleted(completed + SAGAS);
    }

    @Test
    void silentParticipantTimesOutWhileOthersGoOn() {
        long completed = sagas(gift, "COMPLETED");
        ferryAnswers = false;
        try {
            startSagas(cruise, SAGAS / 2);
            startSagas(gift, SAGAS / 2);
            await().atMost(Duration.ofSeconds(20)).until(() -> sagas(gift, "COMPLETED") == completed + SAGAS / 2);
            await().atMost(Duration.ofSeconds(30)).until(() -> asked(cruise, "COMPENSATION") == SAGAS / 2);
            assertThat(sagas(cruise, "COMPENSATING"))
                    .as("silent to compensations too")
                    .isEqualTo(SAGAS / 2);
        } finally {
            ferryAnswers = true;
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> sagas(cruise, "COMPENSATED") == SAGAS / 2);
        assertThat(timedOut(cruise, "ACTION")).as("each of four attempts").isEqualTo(SAGAS / 2 * 4);
        assertThat(timedOut(cruise, "COMPENSATION"))
                .as("some attempts, until it was back")
                .isPositive();
        assertThat(timedOut(gift)).isZero();
    }

    @Test
    void pausedParticipantIsSentNothingAndItsClocksStandStill() {
        long completed = sagas(crossing, "COMPLETED");
        long given = sagas(gift, "COMPLETED");
        long asked = timesAsked("cabin.take");
        long timedOut = timedOut(crossing);
        Participants participants = node.bean(Participants.class);
        participants.pause("ferry", "operator:ada", "engine is being repaired");
        try {
            startSagas(crossing, SAGAS);
            startSagas(gift, 10);
            pass(OUTAGE);
            assertThat(sagas(crossing, "RUNNING")).isEqualTo(SAGAS);
            assertThat(timesAsked("cabin.take")).isEqualTo(asked);
            assertThat(timedOut(crossing)).isEqualTo(timedOut);
            assertThat(sagas(gift, "COMPLETED")).isEqualTo(given + 10);
        } finally {
            participants.resume("ferry", "operator:ben", "engine is repaired");
        }
        expectAllCompleted(completed + SAGAS);
    }

    private static long timesAsked(String command) {
        return wire.seen().stream().filter(command::equals).count();
    }

    private static void expectAllCompleted(long completed) {
        await().atMost(Duration.ofSeconds(25))
                .untilAsserted(() -> assertThat(states()).isEqualTo("COMPLETED " + completed));
    }

    private static void startSagas(SagaDefinition definition, int sagas) {
        SagaOperations operations = node.bean(SagaOperations.class);
        for (int i = 0; i < sagas; i++) {
            String key = "voyager-" + ++keys;
            operations.start(definition, key, Map.of("n", i), "client:outage", new Origin(key, null));
        }
    }

    /** Time passes for the database alone. */
    private static void pass(Duration time) {
        node.sql()
                .sql("SELECT pg_sleep(:seconds) IS NULL AS slept")
                .param("seconds", time.toSeconds())
                .query()
                .singleRow();
    }

    private static long sagas(SagaDefinition definition, String status) {
        return node.sql()
                .sql("SELECT count(*) FROM saga WHERE definition = :definition AND status = :status")
                .param("definition", definition.name())
                .param("status", status)
                .query(Long.class)
                .single();
    }

    /** How many crossings are where. */
    private static String states() {
        return String.join(", ", node.sql().sql("""
                                SELECT format('%s %s', status, count(*))
                                FROM saga
                                WHERE definition = 'crossing'
                                GROUP BY status
                                ORDER BY status
                                """).query(String.class).list());
    }

    /** How many sagas have sent a command of this phase. */
    private static long asked(SagaDefinition definition, String phase) {
        return logged(definition, "COMMAND_SENT", phase, "DISTINCT l.saga_id");
    }

    private static long timedOut(SagaDefinition definition) {
        return logged(definition, "STEP_TIMED_OUT", "%", "*");
    }

    private static long timedOut(SagaDefinition definition, String phase) {
        return logged(definition, "STEP_TIMED_OUT", phase, "*");
    }

    private static long logged(SagaDefinition definition, String kind, String phase, String counted) {
        return node.sql()
                .sql("""
                        SELECT count(%s)
                        FROM saga_log AS l JOIN saga AS s ON s.id = l.saga_id
                        WHERE s.definition = :definition AND l.kind = :kind AND l.phase LIKE :phase
                        """.formatted(counted))
                .param("definition", definition.name())
                .param("kind", kind)
                .param("phase", phase)
                .query(Long.class)
                .single();
    }
}
