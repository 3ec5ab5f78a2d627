package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Handled.Kind;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaState;

import static dev.counterstep.orchestrator.runtime.Arrivals.cancel;
import static dev.counterstep.orchestrator.runtime.Arrivals.reply;
import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static dev.counterstep.orchestrator.runtime.Arrivals.succeeded;
import static dev.counterstep.orchestrator.saga.Phase.ACTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A rolling deployment: a new node has stored version 2 of a definition, which an old node cannot read. After each test every
 * log must fold to its row; the sagas that it leaves behind rest.
 */
class SagaVersionsIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give, timeout: 50ms,
                 retry: {attempts: 100, backoff: 10ms, max: 10ms}}
              - {id: money, participant: payment, action: money.take, compensation: money.give, timeout: 1h}
            """;

    private static final Instant FAR_FUTURE = Instant.parse("2999-01-01T00:00:00Z");

    private static TestDatabase database;
    private static OrchestratorNode old;
    private static OrchestratorNode fresh;
    private static SagaDefinition one;
    private static SagaDefinition two;
    private static final Map<Long, Arrival> SENT = new HashMap<>();
    private static int keys;

    @BeforeAll
    static void startNodes() {
        database = TestInfrastructure.newDatabase("orchestrator");
        fresh = OrchestratorNode.on(database);
        one = fresh.define(TRIP);
        two = define(2);
        old = OrchestratorNode.on(database);
    }

    /** A version that the new node has read, and whose source uses a field that only it knows. */
    private static SagaDefinition define(int version) {
        SagaDefinition definition = fresh.define(TRIP.replace("version: 1", "version: " + version));
        store(version, TRIP.replace("version: 1", "version: %d\nnewfangled: true".formatted(version)));
        return definition;
    }

    private static void store(int version, String source) {
        JdbcClient owner = JdbcClient.create(database.ownerDataSource());
        owner.sql("ALTER TABLE saga_definition DISABLE TRIGGER saga_definition_insert_only")
                .update();
        owner.sql("UPDATE saga_definition SET source = :source WHERE name = 'trip' AND version = :version")
                .param("source", source)
                .param("version", version)
                .update();
        owner.sql("ALTER TABLE saga_definition ENABLE TRIGGER saga_definition_insert_only")
                .update();
    }

    @AfterAll
    static void stopNodes() {
        old.close();
        fresh.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(fresh.bean(SagaVerifier.class).verify().difference()).isNull();
        assertThat(held()).isZero();
        fresh.sql().sql("DELETE FROM outbox").update();
        fresh.sql().sql("""
                        UPDATE saga SET next_action_at = now() + interval '1 day', version = version + 1
                        WHERE next_action_at IS NOT NULL
                        """).update();
    }

    @Test
    void sagaOfAVersionThisNodeCannotReadIsLeftToAnother() {
        UUID saga = started(fresh, two, newKey());
        StoredSaga before = fresh.saga(saga);
        await().until(() -> due(saga));
        assertThat(old.bean(SagaCoordinator.class).isAnyDue()).isFalse();
        assertThat(fire(old)).isZero();
        Arrival reply = sent(succeeded(saga, "inventory", "seat", ACTION));
        assertThat(old.handle(reply).kind()).isEqualTo(Kind.LEFT_TO_ANOTHER);
        assertThat(old.handle(reply).kind()).as("read twice").isEqualTo(Kind.LEFT_TO_ANOTHER);
        assertThat(fresh.saga(saga)).isEqualTo(before);
        assertThat(held()).isEqualTo(1);
        assertThat(takeHeld(old)).as("taken by the old node").isZero();
        assertThat(fire(fresh)).as("fired by the new node").isEqualTo(1);
        assertThat(takeHeld(fresh)).as("taken by the new node").isEqualTo(1);
        assertThat(fresh.saga(saga).instance().replies()).containsKey("seat");
        fresh.handle(succeeded(saga, "payment", "money", ACTION));
        assertThat(fresh.saga(saga).instance().state()).isEqualTo(SagaState.COMPLETED);
        assertThat(deadLetters()).isZero();
    }

    @Test
    void heldMessageThatTheDatabaseRefusesIsSetAsideAndTheRestIsTaken() {
        UUID bad = started(fresh, two, newKey());
        UUID good = started(fresh, two, newKey());
        Map<String, Object> tooMuch = Map.of("text", "x".repeat(600_000));
        old.handle(List.of(
                sent(reply(bad, "inventory", "seat", ACTION, Outcome.SUCCEEDED, tooMuch)),
                sent(succeeded(good, "inventory", "seat", ACTION))));
        assertThat(held()).isEqualTo(2);
        await().until(() -> takeHeld(fresh) == 0);
        assertThat(fresh.saga(bad).instance().replies()).isEmpty();
        assertThat(fresh.saga(good).instance().replies()).containsKey("seat");
        assertThat(deadLetters()).isEqualTo(1);
    }

    @Test
    void oldNodeGoesOnWithTheSagasItCanRead() {
        UUID theirs = started(fresh, two, newKey());
        UUID mine = started(old, one, newKey());
        List<Handled> handled = old.handle(List.of(
                sent(succeeded(theirs, "inventory", "seat", ACTION)), succeeded(mine, "inventory", "seat", ACTION)));
        assertThat(handled).extracting(Handled::kind).containsExactly(Kind.LEFT_TO_ANOTHER, Kind.DONE);
        assertThat(takeHeld(fresh)).isEqualTo(1);
    }

    @Test
    void cancelOfASagaOnlyAnotherNodeCanReadIsHeld() {
        String key = newKey();
        UUID saga = started(fresh, two, key);
        String another = newKey();
        UUID mine = started(fresh, one, another);
        assertThat(old.handle(sent(cancel(one, key))).kind()).isEqualTo(Kind.LEFT_TO_ANOTHER);
        SENT.replaceAll((offset, arrival) -> arrival instanceof Arrival.Cancel ? cancel(two, key) : arrival);
        assertThat(takeHeld(fresh)).isEqualTo(1);
        assertThat(fresh.saga(saga).instance().state()).isEqualTo(SagaState.COMPENSATING);
        assertThat(old.handle(cancel(one, another)).kind()).isEqualTo(Kind.DONE);
        assertThat(fresh.saga(mine).instance().state()).isEqualTo(SagaState.COMPENSATING);
        assertThat(fresh.handle(cancel(two, another)).kind())
                .as("an event that version 1 does not know")
                .isEqualTo(Kind.SET_ASIDE);
    }

    @Test
    void operationOnASagaOnlyAnotherNodeCanReadSaysSo() {
        UUID saga = started(fresh, two, newKey());
        Handled handled = old.bean(SagaOperations.class).compensate(saga, "operator:alice", "wrong trip", null);
        assertThat(handled.kind()).isEqualTo(Kind.LEFT_TO_ANOTHER);
        assertThat(handled.reason())
                .startsWith("this node cannot read definition trip:2: line 3, column 1: ")
                .contains("newfangled");
        assertThat(fresh.bean(SagaOperations.class)
                        .compensate(saga, "operator:alice", "wrong trip", null)
                        .kind())
                .isEqualTo(Kind.DONE);
    }

    @Test
    void nodeTellsWhatItCannotReadAndIsUpAllTheSame() {
        Health health = Objects.requireNonNull(
                old.bean("definitionsHealthIndicator", HealthIndicator.class).health());
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().get("unreadable")).asString().contains("trip:2", "newfangled");
        assertThat(unreadable(old)).isPositive();
        assertThat(unreadable(fresh)).isZero();
    }

    @Test
    void versionFirstMetInASagaIsLeftAloneFromThenOnAndTakenUpOnceItCanBeRead() {
        SagaDefinition three = define(3);
        UUID saga = started(fresh, three, newKey());
        await().until(() -> due(saga));
        double before = unreadable(old);
        StoredSaga stored = fresh.saga(saga);
        assertThat(fire(old)).as("tried once").isEqualTo(1);
        assertThat(fire(old)).as("left alone").isZero();
        assertThat(unreadable(old)).isEqualTo(before + 1);
        assertThat(fresh.saga(saga)).isEqualTo(stored);
        store(3, TRIP.replace("version: 1", "version: 3"));
        old.refreshDefinitions();
        assertThat(unreadable(old)).isEqualTo(before);
        assertThat(fire(old)).isEqualTo(1);
    }

    private static UUID started(OrchestratorNode by, SagaDefinition definition, String key) {
        return Objects.requireNonNull(
                by.handle(start(definition, key, Map.of("trip", key))).sagaId());
    }

    private static String newKey() {
        return "trip-" + ++keys;
    }

    /** Remembers what a message brings, for the node that will read it. */
    private static <T extends Arrival> T sent(T arrival) {
        SENT.put(Objects.requireNonNull(arrival.message()).offset(), arrival);
        return arrival;
    }

    private static int takeHeld(OrchestratorNode by) {
        return by.bean(SagaCoordinator.class).handleHeld(SagaVersionsIT::read, 100);
    }

    private static List<Arrival> read(InboundMessage message) {
        return List.of(Objects.requireNonNull(SENT.get(message.offset())));
    }

    private static int fire(OrchestratorNode by) {
        return by.bean(SagaCoordinator.class).fireTimers(FAR_FUTURE, 1000);
    }

    private static boolean due(UUID saga) {
        return fresh.sql()
                .sql("SELECT next_action_at <= now() FROM saga WHERE id = :id")
                .param("id", saga)
                .query(Boolean.class)
                .single();
    }

    private static double unreadable(OrchestratorNode node) {
        return node.bean(MeterRegistry.class)
                .get("saga.definition.unreadable.count")
                .gauge()
                .value();
    }

    private static long held() {
        return fresh.sql()
                .sql("SELECT count(*) FROM held_message")
                .query(Long.class)
                .single();
    }

    private static long deadLetters() {
        return fresh.sql()
                .sql("SELECT count(*) FROM outbox WHERE topic LIKE '%.dlt'")
                .query(Long.class)
                .single();
    }
}
