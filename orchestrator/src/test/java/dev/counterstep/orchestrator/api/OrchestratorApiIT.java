package dev.counterstep.orchestrator.api;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import tools.jackson.databind.JsonNode;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.OrchestratorApplication;
import dev.counterstep.orchestrator.api.ApiClient.Answer;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.runtime.Arrival;
import dev.counterstep.orchestrator.runtime.SagaCoordinator;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The API of a running orchestrator, over HTTP. Participants are played by the test. */
class OrchestratorApiIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
              - {id: money, participant: payment, action: money.take, compensation: money.give, kind: pivot}
              - {id: ticket, participant: order, action: ticket.print, kind: retriable}
            """;

    private static TestDatabase database;
    private static ConfigurableApplicationContext orchestrator;
    private static ApiClient nobody;
    private static ApiClient viewer;
    private static ApiClient operator;
    private static ApiClient admin;
    private static int keys;

    @BeforeAll
    static void start() {
        database = TestInfrastructure.newDatabase("orchestrator");
        Map<String, Object> properties = new HashMap<>();
        database.properties().forEach((name, value) -> properties.put(name.toString(), value));
        properties.put("spring.kafka.bootstrap-servers", TestInfrastructure.bootstrapServers());
        properties.put("server.port", 0);
        String hash = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(ApiClient.PASSWORD);
        for (String role : List.of("viewer", "operator", "admin", "client")) {
            properties.put("counterstep.security.users." + role + ".password-hash", hash);
            properties.put("counterstep.security.users." + role + ".roles", role.toUpperCase(Locale.ROOT));
        }
        orchestrator = OrchestratorApplication.builder()
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
        int port = orchestrator.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        nobody = new ApiClient(port, null);
        viewer = new ApiClient(port, "viewer");
        operator = new ApiClient(port, "operator");
        admin = new ApiClient(port, "admin");
        assertThat(admin.postYaml("/api/v1/definitions", TRIP).status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        orchestrator.close();
    }

    @AfterEach
    void everyLogFoldsToItsRow() {
        assertThat(orchestrator.getBean(SagaVerifier.class).verify().difference())
                .isNull();
    }

    private static String newKey() {
        return "trip-" + ++keys;
    }

    private static Answer startTrip(String businessKey, String input) {
        return operator.post(
                "/api/v1/sagas",
                "{\"definition\": \"trip\", \"businessKey\": \"%s\", \"input\": %s}".formatted(businessKey, input));
    }

    private static String started(String businessKey) {
        return startTrip(businessKey, "{}").json().path("id").asString();
    }

    private static void reply(String saga, String participant, String step, Phase phase, Outcome outcome) {
        SagaEvent.ReplyArrived event = new SagaEvent.ReplyArrived(
                step,
                phase,
                1,
                1,
                outcome,
                outcome == Outcome.SUCCEEDED ? null : "no paper",
                null,
                outcome == Outcome.SUCCEEDED ? Map.of("by", participant) : Map.of(),
                saga + step + phase);
        InboundMessage message = new InboundMessage(participant + ".replies", 0, 0, saga, Map.of(), new byte[0]);
        orchestrator
                .getBean(SagaCoordinator.class)
                .handle(List.of(new Arrival.Reply(UUID.fromString(saga), event, message)));
    }

    /** A saga whose retriable step was refused. */
    private static String stuck(String businessKey) {
        String saga = started(businessKey);
        reply(saga, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);
        reply(saga, "payment", "money", Phase.ACTION, Outcome.SUCCEEDED);
        reply(saga, "order", "ticket", Phase.ACTION, Outcome.REJECTED);
        assertThat(saga(saga).path("status").asString()).isEqualTo("STUCK");
        return saga;
    }

    private static JsonNode saga(String id) {
        return viewer.get("/api/v1/sagas/" + id).json();
    }

    private static List<String> names(JsonNode object) {
        return new ArrayList<>(object.propertyNames());
    }

    private static Stream<JsonNode> items(Answer answer) {
        return answer.json().path("items").valueStream();
    }

    @Nested
    class Sagas {

        @Test
        void aSagaHasExactlyTheFieldsOfTheContract() {
            String id = started(newKey());
            reply(id, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);

            Answer answer = viewer.get("/api/v1/sagas/" + id);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("ETag")).isEqualTo("\"2\"");
            JsonNode saga = answer.json();
            assertThat(names(saga))
                    .containsExactly(
                            "id",
                            "definition",
                            "definitionVersion",
                            "businessKey",
                            "status",
                            "currentStep",
                            "startedAt",
                            "updatedAt",
                            "endedAt",
                            "nextActionAt",
                            "failureStep",
                            "failureReason",
                            "data",
                            "steps",
                            "diagnosis");
            assertThat(names(saga.path("steps").path(0)))
                    .containsExactly(
                            "id",
                            "participant",
                            "kind",
                            "status",
                            "phase",
                            "generation",
                            "attempts",
                            "sentAt",
                            "repliedAt",
                            "reason");
            assertThat(saga.path("steps")
                            .valueStream()
                            .map(step -> step.path("id").asString()))
                    .containsExactly("seat", "money", "ticket");
            assertThat(saga.path("data").path("steps").path("seat").path("by").asString())
                    .isEqualTo("inventory");
            assertThat(saga.path("startedAt").asString()).matches("20\\d\\d-.*Z");
            assertThat(saga.path("endedAt").isNull()).isTrue();
            JsonNode diagnosis = saga.path("diagnosis");
            assertThat(diagnosis.path("verdict").asString()).isEqualTo("AWAITING_REPLY");
            assertThat(diagnosis.path("sentence").asString())
                    .isEqualTo("payment has not answered attempt 1 of the action of step money yet");
            assertThat(diagnosis.path("remainingSteps").valueStream().map(JsonNode::asString))
                    .containsExactly("money", "ticket");
        }

        @Test
        void anUnchangedSagaIsNotSentAgain() {
            String id = started(newKey());

            assertThat(viewer.get("/api/v1/sagas/" + id, "If-None-Match", "\"1\"")
                            .status())
                    .isEqualTo(304);
        }

        @Test
        void anUnknownSagaIsNotFound() {
            for (String id : List.of(UUID.randomUUID().toString(), "1-1-1-1-1", "x")) {
                Answer answer = viewer.get("/api/v1/sagas/" + id);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("unknown-saga");
                assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            }
        }

        @Test
        void startingIsAcceptedOncePerKey() {
            String key = newKey();
            Answer first = startTrip(key, "{\"amount\": 199.90, \"n\": 1}");
            Answer again = startTrip(key, "{\"n\": 1.0, \"amount\": 199.9}");
            Answer other = startTrip(key, "{\"amount\": 200}");

            assertThat(first.status()).isEqualTo(202);
            String id = first.json().path("id").asString();
            assertThat(first.header("Location")).isEqualTo("/api/v1/sagas/" + id);
            assertThat(first.json().path("data").path("input").path("amount").decimalValue())
                    .isEqualTo(new BigDecimal("199.90"));
            assertThat(again.status()).isEqualTo(202);
            assertThat(again.json().path("id").asString()).isEqualTo(id);
            assertThat(other.status()).isEqualTo(409);
            assertThat(other.code()).isEqualTo("key-taken");
        }

        @Test
        void aStartThatIsNotValidNamesEachField() {
            Answer answer = operator.post("/api/v1/sagas", "{\"businessKey\": \" \", \"input\": [1]}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json()
                            .path("errors")
                            .valueStream()
                            .map(error -> error.path("pointer").asString()))
                    .containsExactly("/definition", "/businessKey", "/input");
        }

        @Test
        void aStartOfAnUnknownDefinitionIsRefused() {
            Answer answer = operator.post(
                    "/api/v1/sagas", "{\"definition\": \"tripp\", \"businessKey\": \"x\", \"input\": {}}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                    .isEqualTo("/definition");
        }

        @Test
        void aStartThatIsNoStorableJsonIsRefused() {
            assertThat(operator.post("/api/v1/sagas", "{").status()).isEqualTo(400);
            assertThat(startTrip(newKey(), "{\"x\": \"\\u0000\"}").status()).isEqualTo(400);
            assertThat(startTrip(newKey(), "{\"x\": " + "[".repeat(40) + "]".repeat(40) + "}")
                            .code())
                    .isEqualTo("too-deep");
            assertThat(startTrip(newKey(), "{\"x\": \"" + "x".repeat(70_000) + "\"}")
                            .status())
                    .isEqualTo(413);
        }

        @Test
        void listsFilter() {
            String key = newKey();
            String id = started(key);

            assertThat(items(viewer.get("/api/v1/sagas?businessKey=" + key))
                            .map(saga -> saga.path("id").asString()))
                    .containsExactly(id);
            assertThat(items(viewer.get("/api/v1/sagas?status=RUNNING&definition=trip&businessKey=" + key)))
                    .hasSize(1);
            assertThat(items(viewer.get("/api/v1/sagas?status=COMPLETED&businessKey=" + key)))
                    .isEmpty();
            assertThat(items(viewer.get("/api/v1/sagas?startedBefore=2020-01-01T00:00:00Z")))
                    .isEmpty();
            assertThat(items(viewer.get("/api/v1/sagas?startedAfter=2020-01-01T00:00:00%2B01:00&businessKey=" + key)))
                    .hasSize(1);
            assertThat(items(viewer.get("/api/v1/sagas?verdict=AWAITING_REPLY&businessKey=" + key)))
                    .hasSize(1);
            assertThat(items(viewer.get("/api/v1/sagas?verdict=ENDED&businessKey=" + key)))
                    .isEmpty();
        }

        @Test
        void pagesShowEverySagaOnceTheNewestFirst() {
            for (int i = 0; i < 5; i++) {
                started(newKey());
            }
            List<String> all = items(viewer.get("/api/v1/sagas?limit=200"))
                    .map(saga -> saga.path("id").asString())
                    .toList();
            List<String> paged = new ArrayList<>();
            String cursor = "";
            do {
                Answer page = viewer.get("/api/v1/sagas?limit=2" + cursor);
                items(page).forEach(saga -> paged.add(saga.path("id").asString()));
                JsonNode next = page.json().path("nextCursor");
                cursor = next.isNull() ? "" : "&cursor=" + next.asString();
            } while (!cursor.isEmpty());

            assertThat(paged).isEqualTo(all).hasSizeGreaterThanOrEqualTo(5).doesNotHaveDuplicates();
        }

        @Test
        void whatAParameterTakesIsTold() {
            Map<String, String> told = Map.of(
                    "status=STUK", "must be one of RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK, ABANDONED",
                    "startedAfter=yesterday", "must be a time such as 2026-01-31T12:00:00Z",
                    "limit=0", "must be from 1 to 200",
                    "cursor=x", "must be the nextCursor of an earlier answer to the same query");
            told.forEach((parameter, message) -> {
                Answer answer = viewer.get("/api/v1/sagas?" + parameter);
                assertThat(answer.status()).isEqualTo(400);
                JsonNode error = answer.json().path("errors").path(0);
                assertThat(error.path("pointer").asString()).isEqualTo("/" + parameter.replaceFirst("=.*", ""));
                assertThat(error.path("message").asString()).isEqualTo(message);
            });
            assertThat(viewer.get("/api/v1/sagas?verdict=X").text()).contains("AWAITING_REPLY, AWAITING_RETRY");
        }

        @Test
        void anUnknownParameterIsRefused() {
            Answer answer = viewer.get("/api/v1/sagas?state=STUCK");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("unknown-parameter");
            assertThat(answer.text()).contains("businessKey, cursor, definition, limit, startedAfter");
        }
    }

    @Nested
    class Log {

        @Test
        void theLogIsToldOldestFirstInPages() {
            String id = started(newKey());
            reply(id, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);

            Answer first = viewer.get("/api/v1/sagas/" + id + "/log?limit=3");
            Answer second = viewer.get("/api/v1/sagas/" + id + "/log?limit=3&cursor="
                    + first.json().path("nextCursor").asString());

            assertThat(items(first).map(entry -> entry.path("kind").asString()))
                    .containsExactly("SAGA_STARTED", "COMMAND_SENT", "REPLY_RECEIVED");
            assertThat(items(second).map(entry -> entry.path("kind").asString()))
                    .containsExactly("COMMAND_SENT");
            assertThat(second.json().path("nextCursor").isNull()).isTrue();
            JsonNode sent = first.json().path("items").path(1);
            assertThat(names(sent))
                    .containsExactly(
                            "seq",
                            "at",
                            "kind",
                            "step",
                            "phase",
                            "generation",
                            "attempt",
                            "messageId",
                            "actor",
                            "detail");
            assertThat(sent.path("step").asString()).isEqualTo("seat");
            assertThat(sent.path("attempt").asInt()).isEqualTo(1);
            assertThat(first.json().path("items").path(0).path("actor").asString())
                    .isEqualTo("operator:operator");
        }

        @Test
        void theLogIsToldAsLinesOfJson() {
            String id = started(newKey());

            Answer answer = viewer.get("/api/v1/sagas/" + id + "/log", "Accept", "application/x-ndjson");

            assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
            assertThat(answer.text().lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("{\"seq\":") && line.endsWith("}"));
        }

        @Test
        void anUnknownSagaHasNoLog() {
            String path = "/api/v1/sagas/" + UUID.randomUUID() + "/log";

            assertThat(viewer.get(path).code()).isEqualTo("unknown-saga");
            assertThat(viewer.get(path, "Accept", "application/x-ndjson").status())
                    .isEqualTo(404);
        }
    }

    @Nested
    class Participants {

        private static final String DELIVERY = "/api/v1/participants/delivery";

        @Test
        void participantsAreListedByName() {
            Answer answer = viewer.get("/api/v1/participants");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(items(answer).map(participant -> participant.path("name").asString()))
                    .containsExactly("delivery", "inventory", "order", "payment");
            assertThat(names(answer.json().path("items").path(1)))
                    .containsExactly("name", "paused", "since", "reason", "actor", "waitingCommands", "heardSince");
            assertThat(answer.json().path("items").path(1).path("paused").asBoolean())
                    .isFalse();
        }

        @Test
        void aParticipantIsPausedOnceAndResumed() {
            Answer paused = operator.post(DELIVERY + "/pause", "{\"reason\": \"vans are being washed\"}");
            Answer again = admin.post(DELIVERY + "/pause", "{\"reason\": \"me too\"}");
            Answer resumed = admin.post(DELIVERY + "/resume", "{\"reason\": \"vans are clean\"}");
            operator.post(DELIVERY + "/resume", "{\"reason\": \"me too\"}");

            assertThat(paused.status()).isEqualTo(200);
            assertThat(paused.json().path("paused").asBoolean()).isTrue();
            assertThat(again.json().path("actor").asString()).isEqualTo("operator:operator");
            assertThat(again.json().path("reason").asString()).isEqualTo("vans are being washed");
            assertThat(resumed.json().path("paused").asBoolean()).isFalse();
            assertThat(orchestrator
                            .getBean(JdbcClient.class)
                            .sql("""
                            SELECT concat_ws(' ', actor, action, reason) FROM saga_v1.operator_action
                            WHERE participant = 'delivery' ORDER BY at
                            """)
                            .query(String.class)
                            .list())
                    .containsExactly(
                            "operator:operator pause vans are being washed", "operator:admin resume vans are clean");
        }

        @Test
        void aSagaSaysThatItsParticipantIsPaused() {
            operator.post("/api/v1/participants/payment/pause", "{\"reason\": \"new gateway\"}");
            try {
                String id = started(newKey());
                reply(id, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);

                JsonNode diagnosis = saga(id).path("diagnosis");
                assertThat(diagnosis.path("verdict").asString()).isEqualTo("PARTICIPANT_PAUSED");
                assertThat(diagnosis.path("sentence").asString())
                        .contains("participant payment is paused by operator:operator", "new gateway");
                assertThat(items(viewer.get("/api/v1/sagas?verdict=PARTICIPANT_PAUSED"))
                                .map(saga -> saga.path("id").asString()))
                        .contains(id);
                assertThat(items(viewer.get("/api/v1/participants"))
                                .filter(participant ->
                                        participant.path("paused").asBoolean())
                                .map(participant ->
                                        participant.path("waitingCommands").asInt()))
                        .containsExactly(1);
            } finally {
                operator.post("/api/v1/participants/payment/resume", "{\"reason\": \"done\"}");
            }
        }

        @Test
        void aReasonAndAKnownParticipantAreRequired() {
            assertThat(operator.post(DELIVERY + "/pause", "{}").status()).isEqualTo(400);
            Answer unknown = operator.post("/api/v1/participants/deliveri/pause", "{\"reason\": \"x\"}");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.code()).isEqualTo("unknown-participant");
        }

        @Test
        void onlyAnOperatorMayPause() {
            assertThat(viewer.post(DELIVERY + "/pause", "{\"reason\": \"x\"}").status())
                    .isEqualTo(403);
        }
    }

    @Nested
    class OperatorActions {

        @Test
        void aStuckSagaIsReplayedUnderTheNextGeneration() {
            String id = stuck(newKey());

            Answer answer = operator.post("/api/v1/sagas/" + id + "/replay", "{\"reason\": \"paper refilled\"}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("status").asString()).isEqualTo("RUNNING");
            JsonNode ticket = answer.json().path("steps").path(2);
            assertThat(ticket.path("generation").asInt()).isEqualTo(2);
            JsonNode logged = items(viewer.get("/api/v1/sagas/" + id + "/log"))
                    .filter(entry -> entry.path("kind").asString().equals("OPERATOR_ACTION"))
                    .findFirst()
                    .orElseThrow();
            assertThat(logged.path("actor").asString()).isEqualTo("operator:operator");
            assertThat(logged.path("detail").path("reason").asString()).isEqualTo("paper refilled");
        }

        @Test
        void aRunningSagaIsCompensated() {
            String id = started(newKey());
            reply(id, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);

            Answer answer = operator.post("/api/v1/sagas/" + id + "/compensate", "{\"reason\": \"trip is off\"}");

            assertThat(answer.json().path("status").asString()).isEqualTo("COMPENSATING");
            assertThat(answer.json()
                            .path("diagnosis")
                            .path("remainingSteps")
                            .valueStream()
                            .map(JsonNode::asString))
                    .containsExactly("money", "seat");
        }

        @Test
        void aStuckSagaIsSkippedOrAbandonedByAnAdmin() {
            String skipped = stuck(newKey());
            String abandoned = stuck(newKey());

            assertThat(admin.post("/api/v1/sagas/" + skipped + "/skip", "{\"reason\": \"printed by hand\"}")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("COMPLETED");
            assertThat(admin.post("/api/v1/sagas/" + abandoned + "/abandon", "{\"reason\": \"lost\"}")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("ABANDONED");
            assertThat(operator.post("/api/v1/sagas/" + skipped + "/skip", "{\"reason\": \"x\"}")
                            .status())
                    .isEqualTo(403);
            assertThat(operator.post("/api/v1/sagas/" + skipped + "/abandon", "{\"reason\": \"x\"}")
                            .status())
                    .isEqualTo(403);
        }

        @Test
        void aWrongStateIsRefusedWithItsReason() {
            String id = started(newKey());

            Answer answer = operator.post("/api/v1/sagas/" + id + "/replay", "{\"reason\": \"try\"}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("wrong-state");
            assertThat(answer.json().path("detail").asString()).contains("only a stuck saga is replayed");
        }

        @Test
        void anActionOnASagaThatOnlyAnotherNodeCanReadSaysWhy() {
            String id = started(newKey());
            orchestrator.getBean(JdbcClient.class).sql("""
                            INSERT INTO saga_definition (name, version, checksum, source)
                            VALUES ('trip', 99, repeat('0', 64), 'saga: trip')
                            """).update();
            repin(id, 99);
            try {
                Answer answer = operator.post("/api/v1/sagas/" + id + "/compensate", "{\"reason\": \"trip is off\"}");

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("unreadable-definition");
                assertThat(answer.json().path("detail").asString())
                        .startsWith("this node cannot read definition trip:99: line 1, column 1: ");
                JsonNode diagnosis = saga(id).path("diagnosis");
                assertThat(diagnosis.path("verdict").asString()).isEqualTo("DEFINITION_UNREADABLE");
                assertThat(diagnosis.path("sentence").asString()).contains("trip:99");
                assertThat(items(viewer.get("/api/v1/sagas?verdict=DEFINITION_UNREADABLE")))
                        .hasSize(1);
                JsonNode health = viewer.get("/actuator/health").json();
                assertThat(health.at("/components/definitions/status").asString())
                        .isEqualTo("UP");
                assertThat(health.at("/components/definitions/details/unreadable/trip:99")
                                .asString())
                        .contains("line 1, column 1");
            } finally {
                repin(id, 1);
            }
        }

        private void repin(String id, int version) {
            JdbcClient.create(database.ownerDataSource())
                    .sql("UPDATE saga SET definition_version = ?, version = version + 1 WHERE id = ?::uuid")
                    .params(version, id)
                    .update();
        }

        @Test
        void anActionOnAnOlderVersionLosesTheRace() {
            String id = stuck(newKey());
            String path = "/api/v1/sagas/" + id + "/replay";

            assertThat(operator.post(path, "{\"reason\": \"try\"}", "If-Match", "\"1\"")
                            .status())
                    .isEqualTo(412);
            assertThat(operator.post(path, "{\"reason\": \"try\"}", "If-Match", "seven")
                            .status())
                    .isEqualTo(400);
            String current = viewer.get("/api/v1/sagas/" + id).header("ETag");
            assertThat(operator.post(path, "{\"reason\": \"try\"}", "If-Match", current)
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void aReasonIsRequired() {
            String path = "/api/v1/sagas/" + started(newKey()) + "/compensate";

            for (String body : List.of("{}", "{\"reason\": \" \"}", "{\"reason\": \"" + "x".repeat(1001) + "\"}")) {
                Answer answer = operator.post(path, body);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.json().path("errors").path(0).path("pointer").asString())
                        .isEqualTo("/reason");
            }
        }

        @Test
        void anUnknownSagaIsNotFound() {
            assertThat(operator.post("/api/v1/sagas/" + UUID.randomUUID() + "/replay", "{\"reason\": \"try\"}")
                            .code())
                    .isEqualTo("unknown-saga");
        }

        @Test
        void whatIsStuckIsCountedByWhatItHasInCommon() {
            stuck(newKey());
            stuck(newKey());

            JsonNode whole =
                    items(viewer.get("/api/v1/sagas/stuck")).findFirst().orElseThrow();
            assertThat(names(whole))
                    .containsExactly("verdict", "definition", "step", "reason", "count", "since", "oldestSagaId");
            assertThat(whole.path("verdict").asString()).isEqualTo("ACTION_REJECTED");
            assertThat(whole.path("step").asString()).isEqualTo("ticket");
            assertThat(whole.path("reason").asString()).isEqualTo("no paper");
            assertThat(whole.path("count").asInt()).isGreaterThanOrEqualTo(2);
            JsonNode byStep = items(viewer.get("/api/v1/sagas/stuck?groupBy=step"))
                    .findFirst()
                    .orElseThrow();
            assertThat(byStep.path("definition").isNull()).isTrue();
            assertThat(viewer.get("/api/v1/sagas/stuck?groupBy=colour").text())
                    .contains("must be a comma-separated list of verdict, definition, step, reason");
            assertThat(items(viewer.get("/api/v1/sagas?verdict=ACTION_REJECTED"))
                            .count())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    @Nested
    class Definitions {

        @Test
        void everyVersionIsListedWithWhatItCarries() {
            started(newKey());

            Map<String, JsonNode> listed = new HashMap<>();
            items(viewer.get("/api/v1/definitions"))
                    .forEach(definition -> listed.put(definition.path("name").asString(), definition));

            assertThat(listed).containsKeys("order-fulfilment", "payment-first-order", "trip");
            assertThat(Objects.requireNonNull(listed.get("order-fulfilment"))
                            .path("inFlight")
                            .asInt())
                    .isZero();
        }

        @Test
        void aDefinitionIsShownWithItsDiagramAndSource() {
            JsonNode definition =
                    viewer.get("/api/v1/definitions/order-fulfilment/1").json();

            assertThat(definition.path("latest").asBoolean()).isTrue();
            assertThat(definition.path("checksum").asString()).matches("[0-9a-f]{64}");
            assertThat(definition.path("start").path("type").asString()).isEqualTo("order.created");
            assertThat(definition.path("mermaid").asString())
                    .startsWith("flowchart TD\n")
                    .contains("s1a --> s2a & s2b\n");
            assertThat(definition.path("source").asString()).contains("saga: order-fulfilment");
            assertThat(definition.path("steps").size()).isEqualTo(7);
            assertThat(viewer.get("/api/v1/definitions/order-fulfilment/99").code())
                    .isEqualTo("unknown-definition");
            assertThat(viewer.get("/api/v1/definitions/order-fulfilment/x").status())
                    .isEqualTo(400);
        }

        @Test
        void aVersionIsStoredOnceAndNeverChanges() {
            String source = TRIP.replace("saga: trip", "saga: walk");

            Answer first = admin.postYaml("/api/v1/definitions", source);
            Answer again = admin.postYaml("/api/v1/definitions", "# same\n" + source);
            Answer changed = admin.postYaml("/api/v1/definitions", source.replace("seat.take", "seat.grab"));

            assertThat(first.status()).isEqualTo(201);
            assertThat(first.header("Location")).isEqualTo("/api/v1/definitions/walk/1");
            assertThat(again.status()).isEqualTo(200);
            assertThat(changed.status()).isEqualTo(409);
            assertThat(changed.code()).isEqualTo("version-taken");
            assertThat(orchestrator
                            .getBean(JdbcClient.class)
                            .sql("SELECT count(*) FROM saga_definition WHERE name = 'walk'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
        }

        @Test
        void newSagasRunTheLatestVersionRunningOnesTheirOwn() {
            String source = TRIP.replace("saga: trip", "saga: ride");
            admin.postYaml("/api/v1/definitions", source);
            String body = "{\"definition\": \"ride\", \"businessKey\": \"%s\", \"input\": {}}";
            String old = operator.post("/api/v1/sagas", body.formatted("a"))
                    .json()
                    .path("id")
                    .asString();
            admin.postYaml(
                    "/api/v1/definitions",
                    source.replace("version: 1", "version: 2").replace("money", "cash"));
            JsonNode young = operator.post("/api/v1/sagas", body.formatted("b")).json();

            assertThat(young.path("definitionVersion").asInt()).isEqualTo(2);
            reply(old, "inventory", "seat", Phase.ACTION, Outcome.SUCCEEDED);
            assertThat(saga(old).path("currentStep").asString()).isEqualTo("money");
        }

        @Test
        void validatingTellsHowManyLiveSagasEachOlderVersionStillCarries() {
            String source = TRIP.replace("saga: trip", "saga: gate");
            List.of(1, 2, 3, 3).forEach(version -> {
                admin.postYaml("/api/v1/definitions", source.replace("version: 1", "version: " + version));
                operator.post(
                        "/api/v1/sagas",
                        "{\"definition\": \"gate\", \"businessKey\": \"%s\", \"input\": {}}".formatted(newKey()));
            });

            assertThat(validated(source.replace("version: 1", "version: 4"))
                            .path("inFlight")
                            .toString())
                    .isEqualTo("[{\"version\":1,\"sagas\":1},{\"version\":2,\"sagas\":1},{\"version\":3,\"sagas\":2}]");
            JsonNode stored = validated(source.replace("version: 1", "version: 2"));
            assertThat(stored.path("stored").asBoolean()).isTrue();
            assertThat(stored.path("inFlight").toString())
                    .as("neither version 2 itself nor 3")
                    .isEqualTo("[{\"version\":1,\"sagas\":1}]");
            assertThat(validated(source).path("inFlight")).isEmpty();
        }

        @Test
        void validatingAnswersTheStepGraphAsMermaid() {
            JsonNode check = validated("""
                    saga: graph
                    version: 1
                    steps:
                      - parallel:
                          - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
                          - {id: meal, participant: order, action: meal.order}
                      - {id: money, participant: payment, action: money.take, kind: pivot}
                    """);

            assertThat(check.path("mermaid").asString().lines().toList())
                    .startsWith("flowchart TD")
                    .anyMatch(line -> line.contains("seat.take") && line.contains("s1a"))
                    .anyMatch(line -> line.contains("meal.order") && line.contains("s1b"))
                    .anyMatch(line -> line.strip().equals("s1a & s1b --> s2a"));
            assertThat(check.path("stored").asBoolean()).isFalse();
        }

        @Test
        void validatingWarnsOfATimeoutWithinThePatienceForUnsentCommands() {
            String source = TRIP.replace("trip", "hasty");

            assertThat(validated(source.replace("seat.give", "seat.give, timeout: 2s"))
                            .path("warnings"))
                    .extracting(JsonNode::asString)
                    .containsExactly(
                            "step 'seat' may time out before its command is sent: its timeout of 2000 ms is not above counterstep.orchestrator.outbox-patience, 2000 ms");
            assertThat(validated(source.replace("seat.give", "seat.give, timeout: 2001ms"))
                            .path("warnings"))
                    .isEmpty();
        }

        private JsonNode validated(String source) {
            Answer answer = viewer.postYaml("/api/v1/definitions/validate", source);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            return answer.json();
        }

        @Test
        void jsonIsTakenAsWell() {
            String json =
                    "{\"saga\": \"hop\", \"version\": 1, \"steps\": [{\"id\": \"a\", \"participant\": \"order\", \"action\": \"a.do\"}]}";

            assertThat(admin.post("/api/v1/definitions", json).status()).isEqualTo(201);
            assertThat(viewer.get("/api/v1/definitions/hop/1").status()).isEqualTo(200);
        }

        @Test
        void validatingTellsWhatWouldBeSentForTheExample() {
            String source =
                    TRIP.replace("trip", "sample") + "example: {input: {n: 1.50}, replies: {seat: {number: 12A}}}\n";

            Answer answer = viewer.postYaml("/api/v1/definitions/validate", source);

            JsonNode commands = answer.json().path("commands");
            assertThat(commands.valueStream()
                            .map(command -> command.path("topic").asString()))
                    .containsExactly("inventory.commands", "payment.commands", "order.commands");
            assertThat(names(commands.path(0)))
                    .containsExactlyInAnyOrder("step", "type", "skipped", "topic", "key", "payload");
            assertThat(commands.path(0).path("payload").toString()).isEqualTo("{\"n\":1.50}");
            assertThat(viewer.postYaml("/api/v1/definitions/validate", TRIP)
                            .json()
                            .has("commands"))
                    .isFalse();
            assertThat(viewer.get("/api/v1/definitions/order-fulfilment/1")
                            .json()
                            .path("commands"))
                    .hasSize(6);
        }

        @Test
        void theSchemaIsThereForEditors() {
            Answer answer = viewer.get("/api/v1/definitions/schema");

            assertThat(answer.header("Content-Type")).startsWith("application/schema+json");
            assertThat(answer.json().path("title").asString()).isEqualTo("Counterstep saga definition");
        }

        @Test
        void everyProblemIsToldWithItsPlace() {
            Answer answer = viewer.postYaml(
                    "/api/v1/definitions/validate",
                    TRIP.replace("payment", "paymnt").replace("kind: retriable", "kind: later"));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("invalid-definition");
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.json().path("errors").size()).isEqualTo(2);
            JsonNode error = answer.json().path("errors").path(0);
            assertThat(error.path("pointer").asString()).isEqualTo("/steps/1/participant");
            assertThat(error.path("line").asInt()).isEqualTo(5);
            assertThat(error.path("column").asInt()).isEqualTo(30);
            assertThat(error.path("meant").asString()).isEqualTo("'payment'");
        }

        @Test
        void onlyAnAdminStoresDefinitions() {
            assertThat(operator.postYaml("/api/v1/definitions", TRIP).status()).isEqualTo(403);
        }
    }

    @Nested
    class Access {

        @Test
        void nobodySeesAnythingButHealth() {
            for (String path : List.of(
                    "/api/v1/sagas", "/api/v1/definitions", "/api/v1/dead-letters", "/v3/api-docs", "/nowhere")) {
                assertThat(nobody.get(path).status()).as(path).isEqualTo(401);
            }
            assertThat(nobody.get("/actuator/health/liveness").status()).isEqualTo(200);
        }

        @Test
        void aViewerOnlyReads() {
            String id = started(newKey());

            assertThat(viewer.get("/api/v1/sagas").status()).isEqualTo(200);
            assertThat(viewer.post("/api/v1/sagas/" + id + "/compensate", "{\"reason\": \"x\"}")
                            .status())
                    .isEqualTo(403);
            assertThat(viewer.post("/api/v1/sagas", "{}").status()).isEqualTo(403);
        }

        @Test
        void aBodyOverTheLimitIsCounted() {
            assertThat(admin.postYaml("/api/v1/definitions", "#".repeat(70_000)).status())
                    .isEqualTo(413);

            await().until(() -> orchestrator
                            .getBean(MeterRegistry.class)
                            .find("http.server.requests")
                            .tag("status", "413")
                            .timer()
                    != null);
        }

        @Test
        void theApiDescribesItself() {
            Answer answer = viewer.get("/v3/api-docs");

            assertThat(answer.status()).isEqualTo(200);
            JsonNode paths = answer.json().path("paths");
            assertThat(names(paths))
                    .contains(
                            "/api/v1/sagas",
                            "/api/v1/sagas/{id}",
                            "/api/v1/sagas/{id}/log",
                            "/api/v1/sagas/stuck",
                            "/api/v1/sagas/{id}/replay",
                            "/api/v1/definitions/validate");
            assertThat(viewer.get("/swagger-ui.html").status()).isIn(200, 302);
            assertThat(viewer.get("/swagger-ui/index.html").status()).isEqualTo(200);
        }
    }

    @Nested
    class DeadLetters {

        @Test
        void whatWasSetAsideIsListedTheNewestFirst() {
            JdbcClient sql = orchestrator.getBean(JdbcClient.class);
            for (int i = 1; i <= 3; i++) {
                sql.sql(
                                "INSERT INTO dead_letter (id, topic, message_key, headers, body, code, reason, original_topic, original_partition, original_offset) VALUES (:id, 'order.replies.dlt', 'k', '{\"ce_id\": \"x\"}', '\\x7b7d', 'undecodable', 'the body is not JSON', 'order.replies', 0, :offset)")
                        .param("id", new UUID(0x0190_0000_0000_7000L + ((long) i << 16), 0x8000_0000_0000_0000L))
                        .param("offset", i)
                        .update();
            }

            Answer first = viewer.get("/api/v1/dead-letters?limit=2");
            Answer second = viewer.get("/api/v1/dead-letters?limit=2&cursor="
                    + first.json().path("nextCursor").asString());

            assertThat(items(first).map(letter -> letter.path("originalOffset").asInt()))
                    .containsExactly(3, 2);
            assertThat(items(second).map(letter -> letter.path("originalOffset").asInt()))
                    .containsExactly(1);
            JsonNode letter = first.json().path("items").path(0);
            assertThat(letter.path("headers").path("ce_id").asString()).isEqualTo("x");
            assertThat(letter.path("size").asInt()).isEqualTo(2);
            assertThat(letter.path("reason").asString()).isEqualTo("the body is not JSON");
        }
    }
}
