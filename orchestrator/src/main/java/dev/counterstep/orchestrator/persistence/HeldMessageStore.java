package dev.counterstep.orchestrator.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.orchestrator.definition.DefinitionVersion;

import static dev.counterstep.storage.Columns.texts;

/** The statements on table {@code held_message}. Those that hold and take run in the caller's transaction. */
@Repository
public class HeldMessageStore {

    private static final int MOST_KEY_CHARS = 256;

    private static final String HOLD = """
            INSERT INTO held_message (topic, topic_partition, topic_offset, definition, definition_version, message_key,
                                      headers, body)
            SELECT n.* FROM unnest(?::text[], ?::integer[], ?::bigint[], ?::text[], ?::integer[], ?::text[], ?::jsonb[],
                                   ?::bytea[])
                AS n (topic, topic_partition, topic_offset, definition, definition_version, message_key, headers, body)
            ON CONFLICT DO NOTHING
            """;

    private static final String READABLE = """
            (definition, definition_version) NOT IN (SELECT * FROM unnest(?::text[], ?::integer[]))
            """;

    private static final String TAKE = """
            WITH taken AS (
                DELETE FROM held_message
                WHERE (topic, topic_partition, topic_offset) IN (
                    SELECT topic, topic_partition, topic_offset FROM held_message
                    WHERE %s
                    ORDER BY received_at, topic_offset
                    LIMIT ?
                    FOR UPDATE SKIP LOCKED)
                RETURNING *)
            SELECT * FROM taken ORDER BY received_at, topic_offset
            """.formatted(READABLE);

    private static final String IS_ANY_READABLE = "SELECT EXISTS (SELECT FROM held_message WHERE " + READABLE + ")";

    private final JdbcTemplate jdbc;

    HeldMessageStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message to be kept for another node.
     *
     * @param needed the definition that has to be read to handle it
     * @param message as it was read
     */
    public record HeldMessage(DefinitionVersion needed, InboundMessage message) {}

    /** Keeps messages; one that is kept already, known by its place in its topic, is kept once. */
    public void hold(List<HeldMessage> held) {
        if (held.isEmpty()) {
            return;
        }
        jdbc.update(
                HOLD,
                texts(held, row -> row.message().topic()),
                texts(held, row -> row.message().partition()),
                texts(held, row -> row.message().offset()),
                texts(held, row -> row.needed().name()),
                texts(held, row -> row.needed().version()),
                texts(held, row -> key(row.message().key())),
                texts(held, row -> SagaJson.write(storable(row.message().headers()))),
                held.stream().map(row -> body(row.message())).toArray(byte[][]::new));
    }

    /**
     * Takes messages out, the longest held first, passing over those that another node is about to take: when the caller's
     * transaction is rolled back they are back.
     *
     * @param unreadable the definitions the caller cannot read
     * @param most how many at most
     */
    public List<InboundMessage> take(Collection<DefinitionVersion> unreadable, int most) {
        return jdbc.query(
                TAKE,
                (row, n) -> message(row),
                texts(unreadable, DefinitionVersion::name),
                texts(unreadable, DefinitionVersion::version),
                most);
    }

    /** Whether there is any message that needs none of these definitions. */
    public boolean isAnyReadable(Collection<DefinitionVersion> unreadable) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                IS_ANY_READABLE,
                Boolean.class,
                texts(unreadable, DefinitionVersion::name),
                texts(unreadable, DefinitionVersion::version)));
    }

    /** How many messages are held, for whichever definition. */
    public long count() {
        Long count = jdbc.queryForObject("SELECT count(*) FROM held_message", Long.class);
        return count == null ? 0 : count;
    }

    private static InboundMessage message(ResultSet row) throws SQLException {
        Map<String, String> headers = new LinkedHashMap<>();
        SagaJson.readObject(row.getString("headers"))
                .forEach((name, value) -> headers.put(name, String.valueOf(value)));
        return new InboundMessage(
                row.getString("topic"),
                row.getInt("topic_partition"),
                row.getLong("topic_offset"),
                row.getString("message_key"),
                headers,
                row.getBytes("body"));
    }

    /** The key of a reply or an event decides nothing any more: one that is too long is cut. */
    private static @Nullable String key(@Nullable String key) {
        if (key == null || key.length() <= MOST_KEY_CHARS) {
            return key == null ? null : storable(key);
        }
        int end = Character.isHighSurrogate(key.charAt(MOST_KEY_CHARS - 1)) ? MOST_KEY_CHARS - 1 : MOST_KEY_CHARS;
        return storable(key.substring(0, end));
    }

    private static Map<String, String> storable(Map<String, String> headers) {
        Map<String, String> storable = new LinkedHashMap<>();
        headers.forEach((name, value) -> storable.put(storable(name), storable(value)));
        return storable;
    }

    /** PostgreSQL stores no {@code \u0000}; no header that means something to us has one. */
    private static String storable(String text) {
        return text.replace('\0', ' ');
    }

    private static byte[] body(InboundMessage message) {
        byte[] body = message.body();
        return body == null ? new byte[0] : body;
    }
}
