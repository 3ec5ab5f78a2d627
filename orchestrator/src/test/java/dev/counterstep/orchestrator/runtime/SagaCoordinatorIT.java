package dev.counterstep.orchestrator.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.orchestrator.persistence.SagaLogStore;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Handled.Kind;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;
import dev.counterstep.orchestrator.saga.SagaState;

import static dev.counterstep.orchestrator.runtime.Arrivals.cancel;
import static dev.counterstep.orchestrator.runtime.Arrivals.poison;
import static dev.counterstep.orchestrator.runtime.Arrivals.rejected;
import static dev.counterstep.orchestrator.runtime.Arrivals.reply;
import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static dev.counterstep.orchestrator.runtime.Arrivals.succeeded;
import static dev.counterstep.orchestrator.saga.Phase.ACTION;
import static dev.counterstep.orchestrator.saga.Phase.COMPENSATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Batches on a real database. After each test every log must fold to its row. */
class SagaCoordinatorIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            timeout: 1h
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give, key: input.trip}
              - {id: money, participant: payment, action: money.take, compensation: money.give, kind: pivot}
              - {id: ticket, participant: order, action: ticket.print, kind: retriable}
            """;

    private static OrchestratorNode node;
    private static SagaDefinition trip;
    private static int keys;

    @BeforeAll
    static void startNode() {
        node = OrchestratorNode.on(TestInfrastructure.newDatabase("orchestrator"));
        trip = node.define(TRIP);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(node.bean(SagaVerifier.class).verify().difference()).isNull();
        node.sql().sql("DELETE FROM outbox").update();
    }

    @Test
    void sagaRunsToItsEnd() {
        UUID saga = started();
        node.handle(succeeded(saga, "inventory", "seat", ACTION));
        node.handle(succeeded(saga, "payment", "money", ACTION));
        node.handle(succeeded(saga, "order", "ticket", ACTION));
        StoredSaga stored = node.saga(saga);
        assertThat(stored.instance().state()).isEqualTo(SagaState.COMPLETED);
        assertThat(stored.instance().replies()).containsEntry("money", Map.of("by", "payment"));
        assertThat(stored.nextActionAt()).isNull();
        assertThat(stored.version()).isEqualTo(4);
        assertThat(types("saga.events")).containsExactly("saga.started", "saga.completed");
        assertThat(types("inventory.commands")).containsExactly("seat.take");
    }

    @Test
    void refusedSagaIsCompensatedInReverse() {
        UUID saga = started();
        node.handle(succeeded(saga, "inventory", "seat", ACTION));
        node.handle(rejected(saga, "payment", "money", ACTION));
        assertThat(types("inventory.commands")).containsExactly("seat.take", "seat.give");
        node.handle(succeeded(saga, "inventory", "seat", COMPENSATION));
        assertThat(node.saga(saga).instance().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(types("saga.events")).containsExactly("saga.started", "saga.compensating", "saga.compensated");
        assertThat(node.sql()
                        .sql("SELECT count(DISTINCT headers ->> 'ce_id') FROM outbox")
                        .query(Long.class)
                        .single())
                .as("no two messages share an id")
                .isEqualTo(6);
    }

    @Test
    void commandCarriesAllThatAParticipantNeeds() {
        UUID saga = started();
        Map<String, Object> command = node.sql()
                .sql(
                        "SELECT message_key, headers::jsonb::text AS headers, body FROM outbox WHERE topic = 'inventory.commands'")
                .query()
                .singleRow();
        assertThat(command.get("message_key")).asString().startsWith("trip-");
        assertThat(command.get("headers"))
                .asString()
                .contains("\"ce_id\": \"" + saga + ":seat:ACTION:1\"")
                .contains("\"ce_source\": \"/orchestrator\"")
                .contains("\"ce_type\": \"seat.take\"")
                .contains("\"saga-definition\": \"trip:1\"")
                .contains("\"saga-reply-to\": \"inventory.replies\"")
                .contains("\"saga-expires-at\"")
                .contains("\"correlation-id\": \"correlation-trip-")
                .contains("\"traceparent\": \"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"");
    }

    @Test
    void startEventSentTwiceStartsOneSaga() {
        String key = newKey();
        List<Handled> handled = node.handle(List.of(trip(key), trip(key)));
        Handled later = node.handle(trip(key));
        assertThat(handled).extracting(Handled::kind).containsExactly(Kind.DONE, Kind.KNOWN);
        assertThat(later).isEqualTo(Handled.of(Kind.KNOWN, handled.get(0).sagaId()));
        assertThat(sagasWith(key)).isEqualTo(1);
        assertThat(types("order.events.dlt")).isEmpty();
    }

    @Test
    void startOfTheSameKeyWithAnotherInputIsAConflict() {
        String key = newKey();
        node.handle(trip(key));
        assertThat(node.handle(start(trip, key, Map.of("trip", key, "seats", 3)))
                        .kind())
                .isEqualTo(Kind.SET_ASIDE);
        assertThat(codes("order.events.dlt")).containsExactly("conflicting-start");
        Handled called =
                node.bean(SagaOperations.class).start(trip, key, Map.of("trip", "other"), "operator:alice", origin());
        assertThat(called.kind()).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void replySentTwiceChangesStateOnce() {
        UUID saga = started();
        Arrival reply = succeeded(saga, "inventory", "seat", ACTION);
        node.handle(List.of(reply, reply));
        StoredSaga once = node.saga(saga);
        node.handle(reply);
        assertThat(node.saga(saga)).isEqualTo(once);
        assertThat(types("payment.commands")).containsExactly("money.take");
        assertThat(logOf(saga))
                .containsExactly(
                        "SAGA_STARTED",
                        "COMMAND_SENT",
                        "REPLY_RECEIVED",
                        "COMMAND_SENT",
                        "REPLY_IGNORED",
                        "REPLY_IGNORED");
    }

    @Test
    void lateReplyToEndedSagaIsLoggedAndChangesNothing() {
        UUID saga = started();
        node.handle(rejected(saga, "inventory", "seat", ACTION));
        StoredSaga ended = node.saga(saga);
        node.handle(succeeded(saga, "payment", "money", ACTION));
        assertThat(ended.instance().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(node.saga(saga)).isEqualTo(ended);
        assertThat(logOf(saga)).endsWith("SAGA_COMPENSATED", "REPLY_IGNORED");
    }

    @Test
    void sagaAndItsCancelInOneBatch() {
        String key = newKey();
        List<Handled> handled = node.handle(List.of(trip(key), cancel(trip, key)));
        UUID saga = idOf(handled.get(0));
        assertThat(handled).containsExactly(Handled.of(Kind.DONE, saga), Handled.of(Kind.DONE, saga));
        assertThat(node.saga(saga).instance().state()).isEqualTo(SagaState.COMPENSATING);
        assertThat(types("inventory.commands")).containsExactly("seat.take", "seat.give");
    }

    @Test
    void batchOfManySagasIsOneTransaction() {
        List<Arrival> starts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            starts.add(trip(newKey()));
        }
        List<UUID> ids =
                node.handle(starts).stream().map(SagaCoordinatorIT::idOf).toList();
        List<Arrival> replies = new ArrayList<>();
        ids.forEach(id -> replies.add(succeeded(id, "inventory", "seat", ACTION)));
        node.handle(replies);
        assertThat(transactions("saga WHERE version = 2 AND id = ANY (:ids)", ids))
                .isEqualTo(1);
        assertThat(transactions("saga_log WHERE kind = 'SAGA_STARTED' AND saga_id = ANY (:ids)", ids))
                .isEqualTo(1);
        assertThat(transactions("saga_log WHERE kind = 'REPLY_RECEIVED' AND saga_id = ANY (:ids)", ids))
                .isEqualTo(1);
        assertThat(node.sql()
                        .sql("SELECT count(*) FROM outbox")
                        .query(Long.class)
                        .single())
                .isEqualTo(600);
    }

    @Test
    void batchOfRepliesTakesAsManyRoundTripsForTwoHundredAsForOne() {
        long one = statementsOf(repliesToNewSagas(1));
        long twoHundred = statementsOf(repliesToNewSagas(200));
        assertThat(twoHundred).isEqualTo(one).isEqualTo(2);
    }

    private static List<Arrival> repliesToNewSagas(int sagas) {
        List<Arrival> starts = new ArrayList<>();
        for (int i = 0; i < sagas; i++) {
            starts.add(trip(newKey()));
        }
        return node.handle(starts).stream()
                .<Arrival>map(handled -> succeeded(idOf(handled), "inventory", "seat", ACTION))
                .toList();
    }

    private static long statementsOf(List<Arrival> batch) {
        StatementCounter statements = node.bean(StatementCounter.class);
        long before = statements.count();
        assertThat(node.handle(batch)).extracting(Handled::kind).containsOnly(Kind.DONE);
        return statements.count() - before;
    }

    @Test
    void poisonReplyIsSetAsideAndTheRestGoesOn() {
        UUID one = started();
        UUID two = started();
        List<Handled> handled = node.handle(List.of(
                succeeded(one, "inventory", "seat", ACTION), poison(), succeeded(two, "inventory", "seat", ACTION)));
        assertThat(handled).extracting(Handled::kind).containsExactly(Kind.DONE, Kind.SET_ASIDE, Kind.DONE);
        assertThat(codes("payment.replies.dlt")).containsExactly("undecodable");
        assertThat(types("payment.commands")).hasSize(2);
    }

    @Test
    void unknownSagaGoesToTheDeadLetterTopic() {
        UUID saga = started();
        node.handle(List.of(
                succeeded(UUID.randomUUID(), "inventory", "seat", ACTION),
                succeeded(saga, "inventory", "seat", ACTION),
                cancel(trip, "unheard-of")));
        assertThat(codes("inventory.replies.dlt")).containsExactly("unknown-saga");
        assertThat(codes("order.events.dlt")).containsExactly("unknown-saga");
        assertThat(types("payment.commands")).hasSize(1);
    }

    @Test
    void replyOnTheTopicOfAnotherParticipantIsSetAside() {
        UUID saga = started();
        StoredSaga before = node.saga(saga);
        node.handle(succeeded(saga, "payment", "seat", ACTION));
        assertThat(codes("payment.replies.dlt")).containsExactly("wrong-topic");
        assertThat(node.saga(saga)).isEqualTo(before);
    }

    @Test
    void eventThatTheDatabaseRefusesIsSetAsideAndTheRestGoesOn() {
        String tooLong = "x".repeat(300);
        List<Arrival> starts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            starts.add(i == 4 ? trip(tooLong) : trip(newKey()));
        }
        List<Handled> handled = node.handle(starts);
        assertThat(handled).filteredOn(one -> one.kind() == Kind.DONE).hasSize(6);
        assertThat(handled.get(4).kind()).isEqualTo(Kind.SET_ASIDE);
        assertThat(codes("order.events.dlt")).containsExactly("refused-by-database");
        assertThatThrownBy(() -> node.bean(SagaOperations.class)
                        .start(trip, tooLong, Map.of("trip", tooLong), "operator:alice", origin()))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void commandTooLargeForTheWireIsAStepThatFailed() {
        SagaDefinition parcel = node.define("""
                saga: parcel
                version: 1
                steps:
                  - {id: pack, participant: inventory, action: parcel.pack, compensation: parcel.unpack}
                  - {id: weigh, participant: order, action: parcel.weigh, payload: {twice: input.text + input.text}}
                """);
        UUID saga = idOf(node.handle(start(parcel, newKey(), Map.of("text", "x".repeat(40_000)))));
        assertThat(node.handle(succeeded(saga, "inventory", "pack", ACTION)).kind())
                .isEqualTo(Kind.DONE);
        StoredSaga stored = node.saga(saga);
        assertThat(stored.instance().state()).isEqualTo(SagaState.COMPENSATING);
        assertThat(stored.instance().failureReason())
                .isEqualTo("the command of step 'weigh' has a body of 80012 bytes, at most 65536 can be sent");
        assertThat(types("inventory.commands")).containsExactly("parcel.pack", "parcel.unpack");
    }

    @Test
    void batchThatIsHandledAgainAfterACrashChangesNothing() {
        String key = newKey();
        Arrival start = trip(key);
        UUID saga = idOf(node.handle(start));
        List<Arrival> batch = List.of(
                start, succeeded(saga, "inventory", "seat", ACTION), succeeded(saga, "payment", "money", ACTION));
        node.handle(batch);
        StoredSaga before = node.saga(saga);
        List<String> sent = types("%.commands");
        node.handle(batch);
        assertThat(node.saga(saga)).isEqualTo(before);
        assertThat(types("%.commands")).isEqualTo(sent);
    }

    @Test
    void numbersAreKeptExactly() {
        String key = newKey();
        Map<String, Object> input = Map.of(
                "trip", key,
                "amount", new BigDecimal("10.50"),
                "huge", new BigInteger("123456789012345678901234567890"),
                "hundred", new BigDecimal("1E+2"),
                "tiny", new BigDecimal("1E-9"));
        UUID saga = idOf(node.handle(start(trip, key, input)));
        assertThat(node.saga(saga).instance().input())
                .containsEntry("amount", new BigDecimal("10.50"))
                .containsEntry("huge", new BigInteger("123456789012345678901234567890"))
                .containsEntry("hundred", 100)
                .containsEntry("tiny", new BigDecimal("1E-9"));
        assertThat(node.handle(start(trip, key, input)).kind()).isEqualTo(Kind.KNOWN);
    }

    @Test
    void operatorWhoLookedBeforeTheSagaChangedLosesTheRace() {
        UUID saga = started();
        SagaOperations operations = node.bean(SagaOperations.class);
        long seen = node.saga(saga).version();
        node.handle(succeeded(saga, "inventory", "seat", ACTION));
        assertThat(operations
                        .compensate(saga, "operator:alice", "wrong trip", seen)
                        .kind())
                .isEqualTo(Kind.LOST_RACE);
        assertThat(operations.replay(saga, "operator:alice", "why not", null).kind())
                .isEqualTo(Kind.REFUSED);
        assertThat(operations
                        .skip(UUID.randomUUID(), "operator:alice", "?", null)
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(operations
                        .compensate(saga, "operator:alice", "wrong trip", seen + 1)
                        .kind())
                .isEqualTo(Kind.DONE);
        assertThat(logOf(saga)).contains("OPERATOR_ACTION", "COMPENSATION_STARTED");
    }

    @Test
    void stuckSagaSaysWhyInSqlAsInTheApiAndGoesOnWhenReplayed() {
        UUID saga = started();
        node.handle(List.of(
                succeeded(saga, "inventory", "seat", ACTION),
                succeeded(saga, "payment", "money", ACTION),
                rejected(saga, "order", "ticket", ACTION)));
        StoredSaga stuck = node.saga(saga);
        SagaDiagnosis diagnosis = SagaDiagnosis.of(stuck.instance(), Map.of());
        assertThat(diagnosis.verdict()).isEqualTo(SagaDiagnosis.Verdict.ACTION_REJECTED);
        Map<String, Object> row = node.sql()
                .sql("SELECT verdict, explanation FROM saga_v1.stuck_saga WHERE id = :id")
                .param("id", saga)
                .query()
                .singleRow();
        assertThat(row).containsEntry("verdict", "ACTION_REJECTED").containsEntry("explanation", diagnosis.sentence());
        assertThat(node.bean(SagaOperations.class)
                        .replay(saga, "operator:alice", "fixed", stuck.version())
                        .kind())
                .isEqualTo(Kind.DONE);
        assertThat(node.saga(saga).instance().step("ticket").generation()).isEqualTo(2);
        assertThat(node.saga(saga).instance().state()).isEqualTo(SagaState.RUNNING);
    }

    @Test
    void stuckSagaIsCountedInTheGaugeThatAlarmsAndAnnouncedAsAnEvent() {
        double before = stuckSagas();
        UUID saga = started();
        node.handle(List.of(succeeded(saga, "inventory", "seat", ACTION), succeeded(saga, "payment", "money", ACTION)));
        assertThat(stuckSagas()).isEqualTo(before);
        node.handle(rejected(saga, "order", "ticket", ACTION));
        assertThat(stuckSagas()).isEqualTo(before + 1);
        assertThat(types("saga.events")).containsExactly("saga.started", "saga.stuck");
        Map<String, Object> announced = node.sql().sql("""
                        SELECT headers ->> 'ce_subject' AS subject, convert_from(body, 'UTF8')::jsonb ->> 'step' AS step,
                               convert_from(body, 'UTF8')::jsonb ->> 'reason' AS reason
                        FROM outbox WHERE headers ->> 'ce_type' = 'saga.stuck'
                        """).query().singleRow();
        assertThat(announced)
                .containsEntry("subject", saga.toString())
                .containsEntry("step", "ticket")
                .containsEntry("reason", "not today");
        node.bean(SagaOperations.class).replay(saga, "operator:alice", "fixed", null);
        assertThat(stuckSagas()).isEqualTo(before);
    }

    @Test
    void limitThatASagaComesToIsCounted() {
        SagaDefinition hop = node.define("""
                saga: hop
                version: 1
                steps:
                  - {id: seat, participant: inventory, action: seat.take, retry: {attempts: 1}}
                """);
        double before = hits("attempts");
        UUID saga = idOf(node.handle(start(hop, newKey(), Map.of())));
        node.handle(reply(saga, "inventory", "seat", ACTION, Outcome.RETRYABLE, Map.of()));
        assertThat(hits("attempts")).isEqualTo(before + 1);
        assertThat(hits("saga-timeout")).isZero();
    }

    private static double hits(String limit) {
        return node.bean(MeterRegistry.class)
                .counter("saga.limit.hits", "limit", limit)
                .count();
    }

    /** What {@code saga.stuck} shows once it is counted anew. */
    private static double stuckSagas() {
        node.bean(SagaReports.class).countWhatWaits();
        return node.bean(MeterRegistry.class).get("saga.stuck").gauge().value();
    }

    private static UUID started() {
        return idOf(node.handle(trip(newKey())));
    }

    private static UUID idOf(Handled handled) {
        return Objects.requireNonNull(handled.sagaId(), handled::toString);
    }

    private static Arrival.Start trip(String key) {
        return start(trip, key, Map.of("trip", key, "seats", 2));
    }

    private static String newKey() {
        return "trip-" + ++keys;
    }

    private static Origin origin() {
        return new Origin("correlation", null);
    }

    private static long sagasWith(String key) {
        return node.sql()
                .sql("SELECT count(*) FROM saga WHERE business_key = :key")
                .param("key", key)
                .query(Long.class)
                .single();
    }

    private static List<String> logOf(UUID saga) {
        return node.bean(SagaLogStore.class).page(saga, 0, 100).stream()
                .map(line -> line.entry().kind().name())
                .toList();
    }

    private static List<String> types(String topic) {
        return headers(topic, "ce_type");
    }

    private static List<String> codes(String topic) {
        return headers(topic, "dlt-code");
    }

    private static List<String> headers(String topic, String header) {
        return node.sql()
                .sql("SELECT headers ->> :header FROM outbox WHERE topic LIKE :topic ORDER BY id")
                .param("header", header)
                .param("topic", topic)
                .query(String.class)
                .list();
    }

    private static long transactions(String rows, List<UUID> ids) {
        return node.sql()
                .sql("SELECT count(DISTINCT xmin::text) FROM " + rows)
                .param("ids", ids.toArray(UUID[]::new))
                .query(Long.class)
                .single();
    }
}
