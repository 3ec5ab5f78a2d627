package dev.counterstep.messaging.participant;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.PlannedConnection;
import dev.counterstep.storage.RoundTrip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** A connection that was opened when the database was empty stays as good as a new one. */
class InboxPlansIT {

    private static final int UNTIL_PLANS_WOULD_BE_KEPT = 12;
    private static final int STORED = 200_000;
    private static final int BATCH = 50;

    /** Rows looked at for each command: to insert, lock, read and close it, with some to spare. */
    private static final int MOST_READ_FOR_EACH = 20;

    private final PlannedConnection connection = new PlannedConnection("inventory");
    private final JdbcTemplate jdbc = connection.jdbc();
    private final TransactionTemplate transaction = connection.transaction();
    private final Inbox inbox = new Inbox(jdbc);

    @AfterEach
    void close() {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET plan_cache_mode = force_custom_plan", // as the starter does
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off" // as a service may
            })
    void batchReadsNoMoreThanItsRowsAlthoughTheTableWasEmptyBefore(String plans) {
        connection.analyze(); // there is nothing in it
        jdbc.execute(plans);
        for (int i = 0; i < UNTIL_PLANS_WOULD_BE_KEPT; i++) {
            enterTwiceAndClose(1);
        }
        fill();
        long before = connection.rowsRead("inbox");

        enterTwiceAndClose(BATCH);

        assertThat(connection.rowsRead("inbox") - before).isBetween((long) BATCH, (long) BATCH * MOST_READ_FOR_EACH);
    }

    private void enterTwiceAndClose(int commands) {
        List<InboxKey> keys = IntStream.range(0, commands)
                .mapToObj(i -> new InboxKey(UUID.randomUUID(), "step", Phase.ACTION, 1))
                .toList();
        transaction.executeWithoutResult(status -> inbox.enter(keys));
        transaction.executeWithoutResult(status -> {
            inbox.enter(keys); // known: they are locked and read
            RoundTrip trip = new RoundTrip();
            inbox.close(keys.stream().map(InboxPlansIT::answered).toList(), trip);
            trip.run(jdbc);
        });
    }

    private static InboxRow answered(InboxKey key) {
        return InboxRow.answered(key, new Answer(OutcomeKind.SUCCEEDED, "done", null, null, "{}".getBytes(UTF_8)));
    }

    private void fill() {
        jdbc.update("""
                INSERT INTO inbox (saga_id, step, phase, generation, outcome, reply_type, body)
                SELECT gen_random_uuid(), 'step', 'ACTION', 1, 'SUCCEEDED', 'done', '{}'
                FROM generate_series(1, ?)
                """, STORED);
    }
}
