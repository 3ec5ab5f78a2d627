package dev.counterstep.orchestrator.persistence;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The statements on table {@code participant_pause}, and how much waits for each participant. */
@Repository
public class ParticipantStore {

    /** A query for the topics of the commands to participants that are paused. */
    public static final String PAUSED_TOPICS =
            "SELECT participant || '.commands' FROM participant_pause WHERE resumed_at IS NULL";

    private static final String PAUSE = """
            INSERT INTO participant_pause (participant, paused_by, pause_reason) VALUES (?, ?, ?)
            ON CONFLICT (participant) WHERE resumed_at IS NULL DO NOTHING
            """;

    private static final String RESUME = """
            UPDATE participant_pause
            SET resumed_at = greatest(now(), paused_at), resumed_by = ?, resume_reason = ?
            WHERE participant = ? AND resumed_at IS NULL
            """;

    private static final String LASTING = """
            SELECT participant, paused_at, paused_by, pause_reason FROM participant_pause WHERE resumed_at IS NULL
            """;

    private static final String WAITING = """
            SELECT topic, count(*) AS commands FROM outbox WHERE topic LIKE '%.commands' GROUP BY topic
            """;

    private final JdbcTemplate jdbc;

    ParticipantStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A pause that lasts.
     *
     * @param since since when
     * @param actor who asked for it
     * @param reason why
     */
    public record Pause(Instant since, String actor, String reason) {}

    /** Pauses a participant. A pause that lasts stays as it is. */
    public void pause(String participant, String actor, String reason) {
        jdbc.update(PAUSE, participant, actor, reason);
    }

    /** Ends the pause of a participant, if there is one. */
    public void resume(String participant, String actor, String reason) {
        jdbc.update(RESUME, actor, reason, participant);
    }

    /** By participant, the pauses that last. */
    public Map<String, Pause> paused() {
        Map<String, Pause> paused = new LinkedHashMap<>();
        jdbc.query(LASTING, row -> {
            paused.put(
                    row.getString("participant"),
                    new Pause(
                            SagaRows.time(row, "paused_at"),
                            row.getString("paused_by"),
                            row.getString("pause_reason")));
        });
        return paused;
    }

    /** By topic, how many commands wait to be sent. Reads the whole outbox: for people, not for a loop. */
    public Map<String, Long> waiting() {
        Map<String, Long> waiting = new LinkedHashMap<>();
        jdbc.query(WAITING, row -> {
            waiting.put(row.getString("topic"), row.getLong("commands"));
        });
        return waiting;
    }
}
