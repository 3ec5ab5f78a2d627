package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.outbox.HeldTopics;
import dev.counterstep.orchestrator.persistence.SagaStore;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Handled.Kind;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaState;

import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes on one database. After each test every log must fold to its row. */
class SagaTimersIT {

    private static final String IMPATIENT = """
            saga: impatient
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give, timeout: 50ms,
                 retry: {attempts: 2, backoff: 10ms, max: 10ms, jitter: 0}}
            """;

    private static final Instant FAR_FUTURE = Instant.parse("2999-01-01T00:00:00Z");

    private static TestDatabase database;
    private static OrchestratorNode node;
    private static OrchestratorNode other;
    private static SagaDefinition impatient;
    private static SagaDefinition sociable;
    private static int keys;

    @BeforeAll
    static void startNodes() {
        database = TestInfrastructure.newDatabase("orchestrator");
        node = OrchestratorNode.on(database);
        other = OrchestratorNode.on(database);
        impatient = node.define(IMPATIENT);
        sociable = node.define(IMPATIENT.replace("impatient", "sociable").replace("inventory", "payment"));
    }

    @AfterAll
    static void stopNodes() {
        node.close();
        other.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(node.bean(SagaVerifier.class).verify().difference()).isNull();
        await().until(() -> {
            fire(node, 1000);
            return active() == 0;
        });
    }

    @Test
    void silentParticipantIsAskedAgainAndThenGivenUp() {
        UUID saga = started(1).get(0);
        await().until(() -> fire(node, 10) >= 0 && node.saga(saga).instance().state() == SagaState.COMPENSATING);
        assertThat(log(saga))
                .containsExactly(
                        "SAGA_STARTED",
                        "COMMAND_SENT",
                        "STEP_TIMED_OUT",
                        "RETRY_SCHEDULED",
                        "COMMAND_SENT",
                        "STEP_TIMED_OUT",
                        "COMPENSATION_STARTED",
                        "COMMAND_SENT");
        await().until(() -> fire(node, 10) >= 0 && node.saga(saga).instance().state() == SagaState.STUCK);
        StoredSaga stuck = node.saga(saga);
        assertThat(SagaDiagnosis.of(stuck.instance(), Map.of()).verdict())
                .isEqualTo(SagaDiagnosis.Verdict.COMPENSATION_OUT_OF_ATTEMPTS);
    }

    @Test
    void timersOfTwoNodesShareTheWork() {
        List<UUID> sagas = started(100);
        await().until(() -> due() >= 100);
        CompletableFuture<Integer> mine = CompletableFuture.supplyAsync(() -> fireAll(node));
        CompletableFuture<Integer> theirs = CompletableFuture.supplyAsync(() -> fireAll(other));
        assertThat(mine.join() + theirs.join()).isGreaterThanOrEqualTo(100);
        assertThat(sagas)
                .allSatisfy(saga -> assertThat(firstAttemptsTimedOut(saga)).isEqualTo(1));
    }

    @Test
    void timersPassOverSagasThatSomebodyHolds() {
        UUID held = started(1).get(0);
        UUID free = started(1).get(0);
        await().until(() -> due() >= 2);
        new TransactionTemplate(other.bean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
            other.bean(SagaStore.class).lock(List.of(held), List.of());
            fire(node, 1000);
        });
        assertThat(log(held)).doesNotContain("STEP_TIMED_OUT");
        assertThat(log(free)).contains("STEP_TIMED_OUT");
    }

    @Test
    void timerRestsUntilTheRepliesOfItsTimeHaveBeenRead() {
        UUID saga = started(1).get(0);
        await().until(() -> due() >= 1);
        Instant due = Objects.requireNonNull(node.saga(saga).nextActionAt());
        assertThat(node.bean(SagaCoordinator.class).fireTimers(due.minusMillis(1), 1000))
                .isZero();
        assertThat(node.bean(SagaCoordinator.class).fireTimers(due, 1000)).isEqualTo(1);
    }

    @Test
    void stepThatNobodyCouldAnswerIsGrantedItsTimeAgain() {
        UUID saga = started(1).get(0);
        await().until(() -> due() >= 1);
        StoredSaga before = node.saga(saga);
        node.bean(Answerability.class).unobservable();
        try {
            fire(node, 1000);
        } finally {
            node.hearsEverybody();
        }
        StoredSaga after = node.saga(saga);
        assertThat(after.instance()).isEqualTo(before.instance());
        assertThat(after.nextActionAt()).isAfter(before.nextActionAt());
    }

    @Test
    void participantThatCannotBeSentToStopsItsOwnTimersOnly() {
        UUID unsent = started(1).get(0);
        UUID sent = started(1, sociable).get(0);
        await().until(() -> due() >= 2);
        node.hearsEverybodyBut("inventory");
        try {
            fire(node, 1000);
        } finally {
            node.hearsEverybody();
        }
        assertThat(log(unsent)).doesNotContain("STEP_TIMED_OUT");
        assertThat(log(sent)).contains("STEP_TIMED_OUT");
    }

    @Test
    void pauseOnOneNodeHoldsTheCommandsOfEveryNode() {
        node.bean(Participants.class).pause("delivery", "operator:ada", "vans are being washed");
        try {
            assertThat(heldBy(other)).containsExactly("delivery.commands");
        } finally {
            other.bean(Participants.class).resume("delivery", "operator:ben", "vans are clean");
        }
        assertThat(heldBy(node)).isEmpty();
    }

    private static List<String> heldBy(OrchestratorNode node) {
        return node.bean(JdbcClient.class)
                .sql(node.bean(HeldTopics.class).query())
                .query(String.class)
                .list();
    }

    @Test
    void timerThatCannotBeHandledIsPutOffAndTheOthersFire() {
        UUID broken = started(1).get(0);
        UUID healthy = started(1).get(0);
        JdbcClient owner = JdbcClient.create(database.ownerDataSource());
        String steps = steps(broken);
        restep(owner, broken, "{}");
        try {
            await().until(() -> due() >= 2);
            assertThat(fire(node, 1000)).isGreaterThanOrEqualTo(2);
            assertThat(log(broken)).doesNotContain("STEP_TIMED_OUT");
            assertThat(log(healthy)).contains("STEP_TIMED_OUT");
            assertThat(node.saga(broken).nextActionAt()).isAfter(Instant.now().plusSeconds(30));
        } finally {
            restep(owner, broken, steps);
        }
    }

    @Test
    void twoNodesThatStartTheSameSagasStartEachOnce() {
        List<Arrival> mine = new ArrayList<>();
        List<Arrival> theirs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String key = newKey();
            mine.add(start(impatient, key, Map.of("n", i)));
            theirs.add(start(impatient, key, Map.of("n", i)));
        }
        Collections.reverse(theirs);
        CompletableFuture<List<Handled>> here = CompletableFuture.supplyAsync(() -> node.handle(mine));
        CompletableFuture<List<Handled>> there = CompletableFuture.supplyAsync(() -> other.handle(theirs));
        List<Handled> all = new ArrayList<>(here.join());
        all.addAll(there.join());
        assertThat(all).filteredOn(handled -> handled.kind() == Kind.DONE).hasSize(100);
        assertThat(all).filteredOn(handled -> handled.kind() == Kind.KNOWN).hasSize(100);
    }

    private static String steps(UUID saga) {
        return node.sql()
                .sql("SELECT steps::text FROM saga WHERE id = :id")
                .param("id", saga)
                .query(String.class)
                .single();
    }

    private static void restep(JdbcClient owner, UUID saga, String steps) {
        owner.sql("""
                        UPDATE saga SET steps = :steps::jsonb, current_step = 'seat', version = version + 1,
                                        next_action_at = now() + interval '50 ms'
                        WHERE id = :id
                        """).param("steps", steps).param("id", saga).update();
    }

    private static List<UUID> started(int sagas) {
        return started(sagas, impatient);
    }

    private static List<UUID> started(int sagas, SagaDefinition definition) {
        List<Arrival> starts = new ArrayList<>();
        for (int i = 0; i < sagas; i++) {
            starts.add(start(definition, newKey(), Map.of()));
        }
        return node.handle(starts).stream()
                .map(handled -> Objects.requireNonNull(handled.sagaId()))
                .toList();
    }

    private static String newKey() {
        return "key-" + ++keys;
    }

    private static int fire(OrchestratorNode by, int most) {
        return by.bean(SagaCoordinator.class).fireTimers(FAR_FUTURE, most);
    }

    private static int fireAll(OrchestratorNode by) {
        int all = 0;
        int fired;
        do {
            fired = fire(by, 10);
            all += fired;
        } while (fired > 0);
        return all;
    }

    private static long due() {
        return count("next_action_at <= now()");
    }

    private static long active() {
        return count("next_action_at IS NOT NULL");
    }

    private static long count(String condition) {
        return node.sql()
                .sql("SELECT count(*) FROM saga WHERE " + condition)
                .query(Long.class)
                .single();
    }

    private static long firstAttemptsTimedOut(UUID saga) {
        return node.sql().sql("""
                        SELECT count(*) FROM saga_log
                        WHERE saga_id = :id AND kind = 'STEP_TIMED_OUT' AND phase = 'ACTION' AND attempt = 1
                        """).param("id", saga).query(Long.class).single();
    }

    private static List<String> log(UUID saga) {
        return node.sql()
                .sql("SELECT kind FROM saga_log WHERE saga_id = :id ORDER BY seq")
                .param("id", saga)
                .query(String.class)
                .list();
    }
}
