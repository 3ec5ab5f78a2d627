package dev.counterstep.orchestrator;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.runtime.OrchestratorNode;
import dev.counterstep.orchestrator.runtime.SagaOperations;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The command, by the entry point that {@code main} uses, on a real database. */
class VerifyCommandIT {

    private static final String TRIP = """
            saga: trip
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void wholeDatabaseIsVerifiedAndTheFirstDifferenceNamed() {
        TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
        UUID saga = oneSaga(database);
        JdbcClient owner = JdbcClient.create(database.ownerDataSource());
        copy(owner, 20_000);
        assertThat(verify(database)).as(err::toString).isEqualTo(VerifyCommand.VERIFIED);
        assertThat(lines(out))
                .containsExactly(
                        "10000 sagas so far", "20000 sagas so far", "20001 sagas verified, every log folds to its row");
        owner.sql(
                        "UPDATE saga SET steps = jsonb_set(steps, '{seat,attempts}', '7'), version = version + 1 WHERE id = ?")
                .param(saga)
                .update();
        out.reset();
        assertThat(verify(database)).isEqualTo(VerifyCommand.DIFFERS);
        assertThat(lines(out))
                .endsWith("Saga %s differs in steps.seat.attempts:".formatted(saga), "  folded: 1", "  stored: 7");
        assertThat(owner.sql("SELECT count(*) FROM saga_definition WHERE name = 'order-fulfilment'")
                        .query(Long.class)
                        .single())
                .as("definitions of this build")
                .isEqualTo(1);
    }

    @Test
    void verifyingWritesNothing() {
        TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
        assertThat(verify(database)).isEqualTo(VerifyCommand.VERIFIED);
        assertThat(lines(out)).containsExactly("0 sagas verified, every log folds to its row");
        assertThat(JdbcClient.create(database.ownerDataSource())
                        .sql("SELECT count(*) FROM saga_definition")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void databaseThatCannotBeReachedIsToldInOneSentence() {
        int code = run("--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/orchestrator");
        assertThat(code).isEqualTo(VerifyCommand.UNREADABLE);
        assertThat(lines(err))
                .singleElement()
                .asString()
                .startsWith("The database cannot be read: Connection to 127.0.0.1:1 refused");
        err.reset();
        assertThat(run()).as("no database configured").isEqualTo(VerifyCommand.UNREADABLE);
        assertThat(lines(err)).singleElement().asString().contains("Failed to determine a suitable driver class");
    }

    private static UUID oneSaga(TestDatabase database) {
        try (OrchestratorNode node = OrchestratorNode.on(database)) {
            SagaDefinition trip = node.define(TRIP);
            return Objects.requireNonNull(node.bean(SagaOperations.class)
                    .start(trip, "trip-0", Map.of("n", 0), "operator:alice", new Origin("c-0", null))
                    .sagaId());
        }
    }

    /** As many more sagas, each with its log, that differ in id and key alone. */
    private static void copy(JdbcClient owner, int sagas) {
        owner.sql("""
                        INSERT INTO saga (id, definition, definition_version, business_key, status, current_step, version,
                                          started_at, updated_at, next_action_at, input, replies, steps, correlation_id)
                        SELECT md5(n::text)::uuid, definition, definition_version, 'trip-' || n, status, current_step, version,
                               started_at, updated_at, next_action_at, input, replies, steps, correlation_id
                        FROM saga, generate_series(1, ?) AS n
                        """).param(sagas).update();
        owner.sql("""
                        INSERT INTO saga_log (saga_id, at, kind, step, phase, generation, attempt, message_id, actor, detail)
                        SELECT md5(n::text)::uuid, at, kind, step, phase, generation, attempt, message_id, actor,
                               CASE kind WHEN 'SAGA_STARTED'
                                   THEN jsonb_set(detail, '{businessKey}', to_jsonb('trip-' || n)) ELSE detail END
                        FROM saga_log, generate_series(1, ?) AS n
                        ORDER BY seq
                        """).param(sagas).update();
    }

    private int verify(TestDatabase database) {
        return run(database.properties().entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
    }

    private int run(String... properties) {
        return new VerifyCommand(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)).run(properties);
    }

    private static List<String> lines(ByteArrayOutputStream text) {
        return text.toString(UTF_8).lines().toList();
    }
}
