package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.storage.ReadFloor;

/**
 * Finds commands that wait in our outbox for longer than a patience.
 *
 * <p>As a rule the oldest row tells that there are none. Only when it is old is the whole outbox looked through; when it is long,
 * that may take one part in {@link #SCAN_SHARE} of the time, and what was found last holds until the next time. So a pause or an
 * outage that fills the outbox does not also fill the database with this question.
 */
@Component
class UnsentCommands {

    private static final int SCAN_SHARE = 20;

    /** Between two looks that start at the beginning. */
    private static final Duration FULL_LOOK_INTERVAL = Duration.ofSeconds(1);

    private static final String HEAD = """
            SELECT clock_timestamp() AS at, head.id, head.created_at AS oldest_at
            FROM (VALUES (1)) AS once
            LEFT JOIN LATERAL (SELECT id, created_at FROM outbox WHERE id >= ? ORDER BY id LIMIT 1) AS head ON true
            """;

    /** Of all messages only commands matter here: what else cannot be sent keeps nobody from answering. */
    private static final String OLDEST = """
            SELECT topic, min(created_at) AS oldest_at FROM outbox WHERE topic LIKE '%.commands' GROUP BY topic
            """;

    private final JdbcTemplate jdbc;
    private final Duration patience;
    private final ReadFloor floor = new ReadFloor(FULL_LOOK_INTERVAL, System.nanoTime());
    private Map<String, Instant> found = Map.of();
    private long scanDue = System.nanoTime();

    UnsentCommands(JdbcTemplate jdbc, OrchestratorProperties properties) {
        this.jdbc = jdbc;
        this.patience = properties.outboxPatience();
    }

    /**
     * What waits.
     *
     * @param at database time
     * @param oldestAt by topic, since when its oldest command waits; empty when no message waits longer than the patience
     */
    record Unsent(Instant at, Map<String, Instant> oldestAt) {}

    /** Looks now. */
    synchronized Unsent look() {
        long started = System.nanoTime();
        long from = floor.next(started);
        return Objects.requireNonNull(jdbc.queryForObject(
                HEAD,
                (row, n) -> {
                    floor.found(from, row.getLong("id"), started, System.nanoTime());
                    Instant at = row.getObject("at", OffsetDateTime.class).toInstant();
                    OffsetDateTime oldest = row.getObject("oldest_at", OffsetDateTime.class);
                    boolean isLate = oldest != null && oldest.toInstant().isBefore(at.minus(patience));
                    return new Unsent(at, isLate ? scan() : Map.of());
                },
                from));
    }

    private Map<String, Instant> scan() {
        long started = System.nanoTime();
        if (started - scanDue >= 0) {
            Map<String, Instant> oldest = new HashMap<>();
            jdbc.query(OLDEST, row -> {
                oldest.put(
                        row.getString("topic"),
                        row.getObject("oldest_at", OffsetDateTime.class).toInstant());
            });
            found = oldest;
            scanDue = started + (System.nanoTime() - started) * SCAN_SHARE;
        }
        return found;
    }
}
