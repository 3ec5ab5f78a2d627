package dev.counterstep.orchestrator.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import static dev.counterstep.storage.Columns.texts;

/** The statements on table {@code dead_letter}. */
@Repository
public class DeadLetterStore {

    private static final String INSERT = """
            INSERT INTO dead_letter (id, topic, message_key, headers, body, code, reason, original_topic, original_partition,
                                     original_offset)
            SELECT n.* FROM unnest(?::uuid[], ?::text[], ?::text[], ?::jsonb[], ?::bytea[], ?::text[], ?::text[], ?::text[],
                                   ?::integer[], ?::bigint[])
                AS n (id, topic, message_key, headers, body, code, reason, original_topic, original_partition, original_offset)
            ON CONFLICT DO NOTHING
            """;

    private static final String PAGE = """
            SELECT * FROM dead_letter WHERE ?::uuid IS NULL OR id < ?::uuid ORDER BY id DESC LIMIT ?
            """;

    private final JdbcTemplate jdbc;

    DeadLetterStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message that was set aside.
     *
     * @param id its id to be
     * @param topic the topic it was set aside on
     * @param key its key, null when it had none
     * @param headers its headers, and those that say why it was set aside
     * @param body its value
     * @param code why, as a stable code
     * @param reason why, in one sentence
     * @param origin where it was first read; null when its headers do not tell
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record DeadLetter(
            UUID id,
            String topic,
            @Nullable String key,
            Map<String, String> headers,
            byte[] body,
            String code,
            String reason,
            @Nullable Origin origin) {}

    /**
     * Where a message was read.
     *
     * @param topic the topic
     * @param partition its partition
     * @param offset the offset there
     */
    public record Origin(String topic, int partition, long offset) {}

    /**
     * A dead letter as it is kept.
     *
     * @param letter what was set aside
     * @param arrivedAt when it was stored
     */
    public record ArrivedLetter(DeadLetter letter, Instant arrivedAt) {}

    /**
     * A page of dead letters, the newest id first; ids grow with time.
     *
     * @param before the last id already seen, null for none
     */
    public List<ArrivedLetter> page(@Nullable UUID before, int limit) {
        return jdbc.query(PAGE, (row, n) -> letter(row), before, before, limit);
    }

    /** Stores dead letters; one that is known by its origin is stored once. Returns how many are new. */
    public int insert(List<DeadLetter> letters) {
        if (letters.isEmpty()) {
            return 0;
        }
        return jdbc.update(
                INSERT,
                texts(letters, DeadLetter::id),
                texts(letters, DeadLetter::topic),
                texts(letters, DeadLetter::key),
                texts(letters, letter -> SagaJson.write(letter.headers())),
                letters.stream().map(DeadLetter::body).toArray(byte[][]::new),
                texts(letters, DeadLetter::code),
                texts(letters, DeadLetter::reason),
                texts(
                        letters,
                        letter ->
                                letter.origin() == null ? null : letter.origin().topic()),
                texts(
                        letters,
                        letter ->
                                letter.origin() == null ? null : letter.origin().partition()),
                texts(
                        letters,
                        letter ->
                                letter.origin() == null ? null : letter.origin().offset()));
    }

    private static ArrivedLetter letter(ResultSet row) throws SQLException {
        Map<String, String> headers = new LinkedHashMap<>();
        SagaJson.readObject(row.getString("headers"))
                .forEach((name, value) -> headers.put(name, String.valueOf(value)));
        String topic = row.getString("original_topic");
        DeadLetter letter = new DeadLetter(
                SagaRows.id(row, "id"),
                row.getString("topic"),
                row.getString("message_key"),
                headers,
                row.getBytes("body"),
                row.getString("code"),
                row.getString("reason"),
                topic == null
                        ? null
                        : new Origin(topic, row.getInt("original_partition"), row.getLong("original_offset")));
        return new ArrivedLetter(letter, SagaRows.time(row, "arrived_at"));
    }
}
