package dev.counterstep.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.TestDatabase;
import dev.counterstep.messaging.TestInfrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RoundTripIT {

    private static final String INSERT = "INSERT INTO item (id) SELECT unnest(?::bigint[])";
    private static final String SELECT = "SELECT id FROM item WHERE id >= ? ORDER BY id";

    private final TestDatabase database = TestInfrastructure.newDatabase("inventory");
    private final JdbcTemplate owner = new JdbcTemplate(database.ownerDataSource());
    private final DataSource dataSource = database.dataSource();
    private final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    private final RoundTrip trip = new RoundTrip();
    private final List<Object> answers = new ArrayList<>();

    @BeforeEach
    void create() {
        owner.execute("CREATE TABLE item (id bigint PRIMARY KEY)");
        owner.execute("GRANT ALL ON item TO PUBLIC");
    }

    @Test
    void eachGetsItsOwnAnswer() {
        insert("1", "2", "3");
        select(2);
        trip.update("DELETE FROM item WHERE id = ?", answers::add, 2L);
        select(1);

        trip.run(jdbc);

        assertThat(answers).containsExactly(3, 2L, 3L, 1, 1L, 3L);
    }

    @Test
    void failureIsThatOfTheStatementAndNothingOfItStays() {
        insert("1");
        insert("1");
        select(1);

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> trip.run(jdbc)))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(answers).isEmpty();
        assertThat(jdbc.queryForList("SELECT id FROM item", Long.class)).isEmpty();
    }

    @Test
    void statementAfterALockSeesWhatTheLockWaitedFor() {
        jdbc.update(INSERT, (Object) new String[] {"1"});
        trip.query("SELECT id FROM item WHERE id = 1 FOR UPDATE", rows -> {});
        select(1);

        CompletableFuture<Void> waiting = transaction.execute(status -> {
            jdbc.queryForList("SELECT id FROM item WHERE id = 1 FOR UPDATE");
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> trip.run(jdbc));
            await().until(() ->
                    CompletableFuture.supplyAsync(this::isAnybodyWaiting).join());
            jdbc.update(INSERT, (Object) new String[] {"2"});
            return other;
        });

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
        assertThat(answers).containsExactly(1L, 2L);
    }

    @Test
    void nothingToRunIsNothing() {
        assertThat(trip.isEmpty()).isTrue();
        trip.run(jdbc);
    }

    private boolean isAnybodyWaiting() {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock')",
                Boolean.class));
    }

    private void insert(String... ids) {
        trip.update(INSERT, answers::add, (Object) ids);
    }

    private void select(long from) {
        trip.query(
                SELECT,
                rows -> {
                    while (rows.next()) {
                        answers.add(rows.getLong(1));
                    }
                },
                from);
    }
}
