package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each login may do what it is for, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivilegesIT {

    private static final String READ_ONLY_TRANSACTION = "25006";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private TestDatabase orchestrator = new TestDatabase(ServiceDatabase.ORCHESTRATOR, "");

    @BeforeAll
    void someSagas() throws SQLException {
        orchestrator = TestDatabase.migrated(ServiceDatabase.ORCHESTRATOR);
        try (Connection app = orchestrator.asApp()) {
            for (String table : List.of(
                    "saga_definition",
                    "saga",
                    "saga_log",
                    "dead_letter",
                    "held_message",
                    "participant_pause",
                    "outbox")) {
                TestDatabase.execute(app, Row.of(table).insert());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void applicationCannotChangeTheSchema(ServiceDatabase kind) throws SQLException {
        TestDatabase database = TestDatabase.shared(kind);
        try (Connection app = database.asApp()) {
            for (String ddl : List.of(
                    "CREATE TABLE mine (id bigint)",
                    "CREATE TEMPORARY TABLE mine (id bigint)",
                    "CREATE SCHEMA mine",
                    "ALTER TABLE outbox ADD COLUMN mine bigint",
                    "DROP TABLE outbox",
                    "TRUNCATE outbox",
                    "DELETE FROM flyway_schema_history")) {
                assertRefused(app, ddl);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyElseCanConnect(ServiceDatabase kind) throws SQLException {
        TestDatabase database = TestDatabase.shared(kind);
        for (ServiceDatabase other : ServiceDatabase.values()) {
            if (other != kind) {
                TestDatabase.shared(other); // makes sure that its logins exist
                PostgresLogin stranger = new PostgresLogin(database.url(), other.appRole(), TestDatabase.APP_PASSWORD);
                assertThatThrownBy(stranger::open).hasMessageContaining("permission denied for database");
            }
        }
        if (kind != ServiceDatabase.ORCHESTRATOR) {
            assertThatThrownBy(database::asReader).hasMessageContaining("permission denied for database");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE saga_log SET actor = 'nobody'",
                "DELETE FROM saga_log",
                "TRUNCATE saga_log",
                "UPDATE saga_definition SET source = 'saga: y'",
                "DELETE FROM saga_definition",
                "DELETE FROM saga",
                "UPDATE saga SET definition_version = 2, version = 2",
                "UPDATE saga SET input = '{}', version = 2",
                "UPDATE dead_letter SET reason = 'none'",
                "UPDATE held_message SET definition_version = 2",
                "UPDATE participant_pause SET pause_reason = 'none'",
                "DELETE FROM participant_pause"
            })
    void applicationCannotRewriteWhatWas(String statement) throws SQLException {
        try (Connection app = orchestrator.asApp()) {
            assertRefused(app, statement);
        }
    }

    @Test
    void applicationCanLockASagaAndMoveItOn() throws SQLException {
        try (Connection app = orchestrator.asApp()) {
            assertThat(TestDatabase.query(app, "SELECT id FROM saga ORDER BY id FOR UPDATE SKIP LOCKED"))
                    .hasSize(1);
            TestDatabase.execute(app, "UPDATE saga SET next_action_at = now(), version = version + 1");
        }
    }

    @Test
    void applicationCanTakeAHeldMessage() throws SQLException {
        try (Connection app = orchestrator.asApp()) {
            app.setAutoCommit(false);
            assertThat(TestDatabase.query(app, """
                                    DELETE FROM held_message
                                    WHERE topic_offset IN (
                                        SELECT topic_offset FROM held_message FOR UPDATE SKIP LOCKED)
                                    RETURNING topic""")).containsExactly("payment.replies");
            app.rollback();
        }
    }

    @Test
    void orderHistoryCanOnlyBeAddedTo() throws SQLException {
        TestDatabase orders = TestDatabase.migrated(ServiceDatabase.ORDERS);
        try (Connection app = orders.asApp()) {
            TestDatabase.execute(app, Row.of("orders").insert());
            TestDatabase.execute(app, Row.of("order_history").insert());
            assertRefused(app, "UPDATE order_history SET detail = NULL");
            assertRefused(app, "DELETE FROM order_history");
            assertRefused(app, "DELETE FROM orders");
        }
    }

    @Test
    void readerReadsEveryView() throws SQLException {
        try (Connection reader = orchestrator.asReader()) {
            List<String> views = TestDatabase.query(
                    reader, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'saga_v1'");
            assertThat(views)
                    .containsExactlyInAnyOrder(
                            "saga",
                            "saga_step",
                            "saga_log",
                            "stuck_saga",
                            "saga_duration",
                            "outbox_backlog",
                            "operator_action",
                            "dead_letter");
            for (String view : views) {
                TestDatabase.query(reader, "SELECT * FROM saga_v1." + view);
            }
            assertThat(TestDatabase.query(reader, "SELECT status FROM saga_v1.saga"))
                    .containsExactly("COMPENSATING");
        }
    }

    @Test
    void readerSeesNoTable() throws SQLException {
        try (Connection reader = orchestrator.asReader()) {
            for (String table : List.of(
                    "saga",
                    "saga_log",
                    "saga_definition",
                    "dead_letter",
                    "held_message",
                    "participant_pause",
                    "outbox",
                    "shedlock")) {
                assertRefused(reader, "SELECT * FROM public." + table);
            }
            assertThat(TestDatabase.query(
                            reader, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE saga_v1.saga SET status = 'COMPLETED'",
                "DELETE FROM saga_v1.saga_log",
                "INSERT INTO saga_v1.dead_letter (id) VALUES (gen_random_uuid())",
                "CREATE TABLE saga_v1.mine (id bigint)",
                "CREATE TABLE public.mine (id bigint)",
                "CREATE TEMPORARY TABLE mine (id bigint)",
                "CREATE SCHEMA mine"
            })
    void readerCannotWriteEvenInATransactionThatIsNotReadOnly(String statement) throws SQLException {
        try (Connection reader = orchestrator.asReader()) {
            assertThat(TestDatabase.query(reader, "SHOW default_transaction_read_only"))
                    .containsExactly("on");
            assertThatThrownBy(() -> TestDatabase.execute(reader, statement))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isIn(READ_ONLY_TRANSACTION, INSUFFICIENT_PRIVILEGE));

            TestDatabase.execute(reader, "SET default_transaction_read_only = off");
            assertRefused(reader, statement);
        }
    }

    @Test
    void readerIsBoundedInTime() throws SQLException {
        try (Connection reader = orchestrator.asReader()) {
            assertThat(TestDatabase.query(reader, "SHOW statement_timeout")).containsExactly("10s");
            assertThat(TestDatabase.query(reader, "SHOW idle_in_transaction_session_timeout"))
                    .containsExactly("1min");
        }
    }

    private static void assertRefused(Connection connection, String statement) {
        assertThatThrownBy(() -> TestDatabase.execute(connection, statement))
                .as(statement)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }
}
