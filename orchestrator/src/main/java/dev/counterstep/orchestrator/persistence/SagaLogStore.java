package dev.counterstep.orchestrator.persistence;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;
import dev.counterstep.storage.RoundTrip;

import static dev.counterstep.storage.Columns.texts;

/** The statements on table {@code saga_log}, which only ever grows. */
@Repository
public class SagaLogStore {

    private static final String APPEND = """
            INSERT INTO saga_log (saga_id, at, kind, step, phase, generation, attempt, message_id, actor, detail)
            SELECT e.saga_id, e.at, e.kind, e.step, e.phase, e.generation, e.attempt, e.message_id, e.actor, e.detail
            FROM unnest(?::uuid[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::integer[],
                        ?::text[], ?::text[], ?::jsonb[])
                WITH ORDINALITY
                AS e (saga_id, at, kind, step, phase, generation, attempt, message_id, actor, detail, position)
            ORDER BY e.position
            """;

    private static final String PAGE = """
            SELECT * FROM saga_log WHERE saga_id = ? AND seq > ? ORDER BY seq LIMIT ?
            """;

    private static final String WHOLE = """
            SELECT * FROM saga_log WHERE saga_id = ANY (?::uuid[]) ORDER BY saga_id, seq
            """;

    private final JdbcTemplate jdbc;

    SagaLogStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An entry on its way into a log.
     *
     * @param sagaId whose log
     * @param entry what happened
     */
    public record Line(UUID sagaId, SagaLogEntry entry) {}

    /** Appends lines, in order, in the caller's transaction. */
    public void append(List<Line> lines, RoundTrip trip) {
        if (lines.isEmpty()) {
            return;
        }
        trip.update(
                APPEND,
                appended -> {},
                texts(lines, Line::sagaId),
                texts(lines, line -> line.entry().at()),
                texts(lines, line -> line.entry().kind()),
                texts(lines, line -> place(line, Coordinates::step)),
                texts(lines, line -> place(line, Coordinates::phase)),
                texts(lines, line -> place(line, Coordinates::generation)),
                texts(lines, line -> place(line, Coordinates::attempt)),
                texts(lines, line -> line.entry().messageId()),
                texts(lines, line -> line.entry().actor()),
                texts(lines, line -> SagaJson.write(line.entry().detail())));
    }

    /**
     * A page of one saga's log, oldest first.
     *
     * @param after the last {@code seq} already seen, 0 for none
     */
    public List<LoggedEntry> page(UUID sagaId, long after, int limit) {
        return jdbc.query(PAGE, (row, n) -> SagaRows.logged(row), sagaId, after, limit);
    }

    /** The whole logs of some sagas: one after the other, each oldest first. */
    List<LoggedEntry> whole(Collection<UUID> sagaIds) {
        return jdbc.query(WHOLE, (row, n) -> SagaRows.logged(row), (Object) texts(sagaIds, id -> id));
    }

    private static <T> @Nullable T place(Line line, Function<Coordinates, @Nullable T> part) {
        Coordinates where = line.entry().coordinates();
        return where == null ? null : part.apply(where);
    }
}
