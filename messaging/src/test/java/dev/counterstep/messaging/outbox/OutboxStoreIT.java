package dev.counterstep.messaging.outbox;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/** Acknowledged rows, and the transactions that take their removal along. */
class OutboxStoreIT {

    private static final int MANY = 1_000;
    private static final long MANY_BYTES = 1_000_000;

    private final OutboxFixture fixture = new OutboxFixture();
    private final OutboxStore store = new OutboxStore(fixture.dataSource, HeldTopics.NONE);
    private final Outbox outbox = new Outbox(store, Relaying.NONE);

    @BeforeEach
    void threeRowsOfWhichTheFirstTwoAreAcknowledged() {
        fixture.append(outbox, "topic", "k", "one", "two", "three");
        store.acknowledge(idsBelow(3));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void acknowledgedRowsAreNotReadAgainWhileTheyAreStillThere() {
        assertThat(fixture.waiting()).isEqualTo(3);
        assertThat(waiting(store)).containsExactly("three");
        assertThat(store.read(new ReadRequest(0, Set.of(), 1, 0)).places())
                .as("what has arrived does not count")
                .hasSize(3);
    }

    @Test
    void nextAppendTakesTheirRemovalAlong() {
        fixture.append(outbox, "topic", "k", "four");

        assertThat(bodiesInTheTable()).containsExactly("three", "four");
        assertThat(waiting(store)).containsExactly("three", "four");
        assertThat(store.removable()).isZero();
    }

    @Test
    void removalByATransactionThatRollsBackIsDoneByTheNext() {
        fixture.transaction.executeWithoutResult(status -> {
            outbox.append(List.of(OutboxFixture.message("topic", "k", "never")));
            status.setRollbackOnly();
        });

        assertThat(bodiesInTheTable()).containsExactly("one", "two", "three");
        assertThat(waiting(store)).containsExactly("three");
        fixture.append(outbox, "topic", "k", "four");
        assertThat(bodiesInTheTable()).containsExactly("three", "four");
    }

    @Test
    void whoIsLeftWithThemRemovesThemAlone() {
        store.remove();

        assertThat(bodiesInTheTable()).containsExactly("three");
        assertThat(store.removable()).isZero();
    }

    @Test
    void processThatDiesBeforeTheRemovalLeavesThemToBeSentAgain() {
        OutboxStore afterRestart = new OutboxStore(fixture.dataSource, HeldTopics.NONE);

        assertThat(waiting(afterRestart)).containsExactly("one", "two", "three");
        assertThat(rows(afterRestart, 1))
                .as("a row at least, whatever the limit")
                .hasSize(1);
    }

    private List<Long> idsBelow(long id) {
        return LongStream.range(1, id).boxed().toList();
    }

    private static List<String> waiting(OutboxStore store) {
        return rows(store, MANY_BYTES).stream()
                .map(row -> new String(row.message().body(), UTF_8))
                .toList();
    }

    private static List<OutboxRow> rows(OutboxStore store, long mostBytes) {
        OutboxRead read = store.read(new ReadRequest(0, Set.of(), MANY, 0));
        return store.rows(requireNonNull(store.unsent(List.of(read))), mostBytes);
    }

    private List<String> bodiesInTheTable() {
        return fixture.jdbc.queryForList("SELECT convert_from(body, 'UTF8') FROM outbox ORDER BY id", String.class);
    }
}
