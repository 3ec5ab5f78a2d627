package dev.counterstep.orchestrator.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaState;

import static dev.counterstep.orchestrator.runtime.Arrivals.start;
import static dev.counterstep.orchestrator.runtime.Arrivals.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** While somebody's transaction holds vacuum back, what is looked at again and again does not get longer with every saga that ends. */
class LongTransactionIT {

    private static final String SEAT = """
            saga: seat
            version: 1
            steps:
              - {id: seat, participant: inventory, action: seat.take, compensation: seat.give, timeout: 50ms,
                 retry: {attempts: 3, backoff: 1h, max: 1h, jitter: 0}}
            """;

    private static final Instant FAR_FUTURE = Instant.parse("2999-01-01T00:00:00Z");
    private static final int GONE = 2_000;
    private static final int LOOKS = 20;

    private final TestDatabase database = TestInfrastructure.newDatabase("orchestrator");
    private final JdbcTemplate owner = new JdbcTemplate(database.ownerDataSource());
    private final OrchestratorNode node = OrchestratorNode.on(database);
    private final SagaCoordinator coordinator = node.bean(SagaCoordinator.class);
    private final UnsentCommands unsent = node.bean(UnsentCommands.class);
    private final SagaDefinition seat = node.define(SEAT);
    private Connection reader;
    private int keys;

    @BeforeEach
    void openTransaction() throws SQLException {
        reader = database.ownerDataSource().getConnection();
        reader.setAutoCommit(false);
        reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        reader.createStatement().executeQuery("SELECT count(*) FROM saga");
    }

    @AfterEach
    void close() throws SQLException {
        reader.close();
        node.close();
    }

    @Test
    void timersThatAreOverAreNotLookedAtEachTime() {
        ended(GONE);

        await().untilAsserted(() -> assertThat(walked("saga", () -> {
                    for (int i = 0; i < LOOKS; i++) {
                        assertThat(coordinator.isAnyDue()).isFalse();
                    }
                }))
                .as("what twenty looks walk over, one from the beginning included")
                .isLessThan(2 * GONE));
        assertThat(walked(
                        "saga",
                        () -> assertThat(coordinator.fireTimers(FAR_FUTURE, 10)).isZero()))
                .isLessThan(GONE);
        assertThat(firstEntries(
                        "SELECT id FROM saga WHERE next_action_at <= now() ORDER BY next_action_at LIMIT 1",
                        "saga_due_idx"))
                .as("the dead are still there: a look from the beginning walks over all of them")
                .isGreaterThanOrEqualTo(GONE);
    }

    @Test
    void messagesThatHaveBeenSentAreNotLookedAtEachTime() {
        append(GONE);
        owner.update("DELETE FROM outbox");
        append(1);

        await().untilAsserted(() -> assertThat(walked("outbox", () -> {
                    for (int i = 0; i < LOOKS; i++) {
                        assertThat(unsent.look().oldestAt()).isEmpty();
                    }
                }))
                .as("what twenty looks walk over, one from the beginning included")
                .isLessThan(2 * GONE));
        assertThat(firstEntries("SELECT id FROM outbox ORDER BY id LIMIT 1", "outbox_pk"))
                .as("the dead are still there: a look from the beginning walks over all of them")
                .isGreaterThan(GONE);
    }

    @Test
    void timerThatIsSetToThePastFiresAllTheSame() {
        ended(100);
        await().during(Duration.ofSeconds(3)).until(() -> !coordinator.isAnyDue());
        UUID saga = started(1).get(0);

        owner.update("UPDATE saga SET next_action_at = '-infinity', version = version + 1 WHERE id = ?", saga);

        await().until(coordinator::isAnyDue);
        assertThat(coordinator.fireTimers(FAR_FUTURE, 10)).isEqualTo(1);
        assertThat(node.saga(saga).instance().state()).isEqualTo(SagaState.RUNNING);
        assertThat(owner.queryForList("SELECT kind FROM saga_log WHERE saga_id = ? ORDER BY seq", String.class, saga))
                .endsWith("STEP_TIMED_OUT", "RETRY_SCHEDULED");
    }

    @Test
    void commandThatBecameVisibleLateIsSeenForAsLongAsItWaits() throws SQLException {
        try (Connection late = database.ownerDataSource().getConnection()) {
            late.setAutoCommit(false);
            late.createStatement().executeUpdate("""
                    INSERT INTO outbox (topic, message_key, headers, body, created_at)
                    VALUES ('payment.commands', 'k', '{}', '', now() - interval '1 minute')
                    """);
            append(1);
            await().during(Duration.ofSeconds(3))
                    .until(() -> unsent.look().oldestAt().isEmpty());
            late.commit();
        }

        await().until(() -> unsent.look().oldestAt().containsKey("payment.commands"));
        await().during(Duration.ofSeconds(2))
                .until(() -> unsent.look().oldestAt().containsKey("payment.commands"));
        owner.update("DELETE FROM outbox WHERE topic = 'payment.commands'");
        await().until(() -> !unsent.look().oldestAt().containsKey("payment.commands"));
    }

    private void ended(int sagas) {
        for (int i = 0; i < sagas; i += 100) {
            node.handle(started(100).stream()
                    .map(saga -> succeeded(saga, "inventory", "seat", Phase.ACTION))
                    .toList());
        }
        await().until(() -> Boolean.TRUE.equals(owner.queryForObject(
                "SELECT max(started_at) < now() - interval '100 ms' AND count(next_action_at) = 0 FROM saga",
                Boolean.class)));
    }

    private List<UUID> started(int sagas) {
        return node
                .handle(IntStream.range(0, sagas)
                        .mapToObj(i -> start(seat, "key-" + keys++, Map.of()))
                        .toList())
                .stream()
                .map(Handled::sagaId)
                .toList();
    }

    /** However long the test takes, they have not been waiting for long. */
    private void append(int messages) {
        owner.update("""
                INSERT INTO outbox (topic, message_key, headers, body, created_at)
                SELECT 'order.commands', 'k', '{}', '', now() + interval '1 hour' FROM generate_series(1, ?)
                """, messages);
    }

    /** What the node walks over while it does something: rows of a table and entries of its indexes. */
    private long walked(String table, Runnable action) {
        long before = walked(table);
        action.run();
        return walked(table) - before;
    }

    private long walked(String table) {
        node.bean(JdbcTemplate.class).query("SELECT pg_stat_force_next_flush()", row -> {});
        Long read = owner.queryForObject("""
                SELECT seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes AS i WHERE i.relid = t.relid)
                FROM pg_stat_user_tables AS t WHERE relname = ?
                """, Long.class, table);
        return read == null ? -1 : read;
    }

    /** Index entries that a query walks over. */
    private long firstEntries(String query, String index) {
        return node.bean(TransactionTemplate.class).execute(status -> {
            JdbcTemplate jdbc = node.bean(JdbcTemplate.class);
            jdbc.queryForList(query);
            return Objects.requireNonNull(
                    jdbc.queryForObject("SELECT pg_stat_get_xact_tuples_returned(?::regclass)", Long.class, index));
        });
    }
}
