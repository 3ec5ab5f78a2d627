package dev.counterstep.messaging.participant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.participant.InboxRow.State;
import dev.counterstep.storage.RoundTrip;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements on table {@code inbox}. Each takes a whole round, in the caller's transaction at READ COMMITTED.
 *
 * <p>A step's row (ACTION, generation 1) is its mutex. Every command inserts or finds it, nothing deletes it, and whoever
 * changes anything of the step holds it until the end of the transaction. So
 *
 * <ul>
 *   <li>a command whose insert created the mutex is the first of its step: nothing needs to be read;
 *   <li>a command that comes while another one of its step is open in another transaction waits, and then sees its result;
 *   <li>a transaction waits for new rows before it waits for old ones, both in the order of the primary key: two rounds cannot
 *       block one another. Handlers lock what they lock after that.
 * </ul>
 *
 * <p>Each statement names its sagas in a condition on the table alone, so that no plan reads more than their rows, whatever the
 * statistics were when it was made: services may keep plans.
 */
final class Inbox {

    // ON CONFLICT DO NOTHING waits for a row that another transaction is inserting, and skips it when that one commits.
    private static final String ENTER = """
            INSERT INTO inbox (saga_id, step, phase, generation, outcome)
            SELECT saga_id, step, phase, generation, outcome
            FROM unnest(?::uuid[], ?::text[], ?::text[], ?::integer[], ?::text[])
                AS entering (saga_id, step, phase, generation, outcome)
            ORDER BY saga_id, step, phase, generation
            ON CONFLICT DO NOTHING
            RETURNING saga_id, step, phase, generation
            """;

    private static final String LOCK = """
            SELECT
            FROM inbox
            WHERE phase = 'ACTION' AND generation = 1 AND saga_id = ANY (?::uuid[])
                AND (saga_id, step) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))
            ORDER BY saga_id, step
            FOR UPDATE
            """;

    private static final String READ = """
            SELECT saga_id, step, phase, generation, outcome, reply_type, reason, body
            FROM inbox
            WHERE saga_id = ANY (?::uuid[]) AND (saga_id, step) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))
            """;

    // Not "AND inbox.outcome IS NULL": hardly a row is open when statistics are made, so a planner takes the condition
    // for the best way in, and reads the whole table for it.
    private static final String CLOSE = """
            UPDATE inbox
            SET outcome = closing.outcome, reply_type = closing.reply_type, reason = closing.reason, body = closing.body
            FROM unnest(
                    ?::uuid[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                AS closing (saga_id, step, phase, generation, outcome_before, outcome, reply_type, reason, body)
            WHERE inbox.saga_id = ANY (?::uuid[]) AND inbox.saga_id = closing.saga_id AND inbox.step = closing.step AND inbox.phase = closing.phase
                AND inbox.generation = closing.generation
                AND inbox.outcome IS NOT DISTINCT FROM closing.outcome_before
            """;

    private static final String WITHDRAW = """
            DELETE FROM inbox
            WHERE saga_id = ANY (?::uuid[]) AND (saga_id, step, phase, generation)
                IN (SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[], ?::integer[]))
                AND outcome IS NULL
            """;

    private final JdbcTemplate jdbc;

    Inbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The first statement of a round: enters an open row for each command, and bars the actions that must not run any more.
     *
     * @param commands at most one of each step
     * @return what the inbox held for each step before; nothing for a step that was new. Locked until the transaction ends.
     */
    Map<StepKey, List<InboxRow>> enter(List<InboxKey> commands) {
        List<InboxRow> entering =
                commands.stream().flatMap(key -> rowsOf(key).stream()).toList();
        Set<InboxKey> entered = new HashSet<>(jdbc.query(
                ENTER,
                (row, number) -> key(row),
                texts(entering, row -> row.key().sagaId()),
                texts(entering, row -> row.key().step()),
                texts(entering, row -> row.key().phase()),
                texts(entering, row -> row.key().generation()),
                texts(entering, Inbox::outcome)));
        List<StepKey> known = commands.stream()
                .filter(command -> !entered.contains(mutex(command)))
                .map(InboxKey::stepKey)
                .toList();
        return known.isEmpty() ? Map.of() : lockedRows(known, entered);
    }

    /** Every row of these steps, locked until the transaction ends. */
    Map<StepKey, List<InboxRow>> lock(Collection<StepKey> steps) {
        return lockedRows(steps, Set.of());
    }

    /**
     * Writes what became of open rows; whoever runs it gets an {@link IllegalStateException} when one of them is not open: it was
     * not locked, or is not there.
     */
    void close(List<InboxRow> rows, RoundTrip trip) {
        if (rows.isEmpty()) {
            return;
        }
        String[] sagaIds = texts(rows, row -> row.key().sagaId());
        trip.update(
                CLOSE,
                closed -> requireAll(closed, rows.size()),
                sagaIds,
                texts(rows, row -> row.key().step()),
                texts(rows, row -> row.key().phase()),
                texts(rows, row -> row.key().generation()),
                new String[rows.size()],
                texts(rows, Inbox::outcome),
                texts(rows, row -> row.answer() == null ? null : row.answer().type()),
                texts(rows, row -> row.answer() == null ? null : row.answer().reason()),
                rows.stream()
                        .map(row -> row.answer() == null ? null : row.answer().body())
                        .toArray(byte[][]::new),
                sagaIds);
    }

    private static void requireAll(int closed, int all) {
        if (closed != all) {
            throw new IllegalStateException("%d of %d inbox rows were open".formatted(closed, all));
        }
    }

    /** Takes back open rows that {@link #enter} made and that turned out not to be needed. */
    void withdraw(List<InboxKey> keys, RoundTrip trip) {
        if (!keys.isEmpty()) {
            String[] sagaIds = texts(keys, InboxKey::sagaId);
            trip.update(
                    WITHDRAW,
                    withdrawn -> {},
                    sagaIds,
                    sagaIds,
                    texts(keys, InboxKey::step),
                    texts(keys, InboxKey::phase),
                    texts(keys, InboxKey::generation));
        }
    }

    /** What a command enters: its own row, and the actions that must not run any more once it came. */
    static List<InboxRow> rowsOf(InboxKey command) {
        List<InboxRow> rows = new ArrayList<>();
        boolean action = command.phase() == Phase.ACTION;
        int newestBarred = action ? command.generation() - 1 : command.generation();
        for (int generation = 1; generation <= newestBarred; generation++) {
            rows.add(InboxRow.empty(new InboxKey(command.sagaId(), command.step(), Phase.ACTION, generation)));
        }
        rows.add(InboxRow.open(command));
        return rows;
    }

    private static InboxKey mutex(InboxKey command) {
        return new InboxKey(command.sagaId(), command.step(), Phase.ACTION, 1);
    }

    private Map<StepKey, List<InboxRow>> lockedRows(Collection<StepKey> steps, Set<InboxKey> except) {
        String[] sagaIds = texts(steps, StepKey::sagaId);
        String[] stepIds = texts(steps, StepKey::step);
        List<InboxRow> found = new ArrayList<>();
        RoundTrip trip = new RoundTrip();
        trip.query(LOCK, rows -> {}, sagaIds, sagaIds, stepIds);
        // A statement of its own: only its snapshot is younger than what the lock waited for.
        trip.query(
                READ,
                rows -> {
                    while (rows.next()) {
                        found.add(row(rows));
                    }
                },
                sagaIds,
                sagaIds,
                stepIds);
        trip.run(jdbc);
        return found.stream()
                .filter(row -> !except.contains(row.key()))
                .collect(Collectors.groupingBy(row -> row.key().stepKey()));
    }

    private static InboxRow row(ResultSet row) throws SQLException {
        InboxKey key = key(row);
        String outcome = row.getString("outcome");
        if (outcome == null) {
            return InboxRow.open(key);
        }
        if (outcome.equals(State.EMPTY.name())) {
            return InboxRow.empty(key);
        }
        return InboxRow.answered(
                key,
                new Answer(
                        OutcomeKind.valueOf(outcome),
                        row.getString("reply_type"),
                        row.getString("reason"),
                        null,
                        row.getBytes("body")));
    }

    private static InboxKey key(ResultSet row) throws SQLException {
        return new InboxKey(
                row.getObject("saga_id", UUID.class),
                row.getString("step"),
                Phase.valueOf(row.getString("phase")),
                row.getInt("generation"));
    }

    private static @Nullable String outcome(InboxRow row) {
        return row.state() == State.OPEN ? null : row.state().name();
    }
}
