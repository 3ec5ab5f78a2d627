package dev.counterstep.messaging.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.OutboxMemory.Place;

import static dev.counterstep.storage.Columns.texts;

/** The statements on table {@code outbox}. */
final class OutboxStore {

    /** The channel on which one instance tells another that it appended. */
    static final String CHANNEL = "counterstep_outbox";

    /** The backlog is counted up to here and no further, so that counting stays cheap when it matters. */
    static final int MOST_COUNTED = 10_000;

    private static final int QUERY_TIMEOUT_SECONDS = 10;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};
    private static final ObjectWriter HEADERS_WRITER = JSON.writerFor(HEADERS);

    private static final String APPEND = """
            INSERT INTO outbox (topic, message_key, headers, body)
            SELECT message.topic, message.message_key, message.headers::json, message.body
            FROM unnest(?::text[], ?::text[], ?::text[], ?::bytea[])
                WITH ORDINALITY AS message (topic, message_key, headers, body, position)
            ORDER BY message.position
            RETURNING id, created_at
            """;

    private static final String OLDEST_PLACES = """
            SELECT id, created_at FROM outbox WHERE id >= ? AND topic <> ALL (?) ORDER BY id LIMIT ?
            """;

    // The SELECT does not see yet what the DELETE does.
    private static final String REMOVE_AND_OLDEST_PLACES = """
            WITH removed AS (DELETE FROM outbox WHERE id = ANY (?))
            SELECT id, created_at FROM outbox WHERE id >= ? AND topic <> ALL (?) AND id <> ALL (?) ORDER BY id LIMIT ?
            """;

    // The inner query stops at the row limit, the outer one at the byte limit; the first row always comes.
    private static final String OLDEST = """
            SELECT id, created_at, topic, message_key, headers, body
            FROM (
                SELECT head.*, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS bytes_before
                FROM (
                    SELECT id, created_at, topic, message_key, headers, body
                    FROM outbox
                    WHERE id >= ? AND topic <> ALL (?)
                    ORDER BY id
                    LIMIT ?
                ) head
            ) measured
            WHERE bytes_before < ?
            ORDER BY id
            """;

    private static final String REMOVE = "DELETE FROM outbox WHERE id = ANY (?)";

    private static final String BACKLOG = """
            SELECT count(*) AS rows, coalesce(EXTRACT(EPOCH FROM now() - min(created_at)), 0) AS oldest_seconds
            FROM (SELECT created_at FROM outbox ORDER BY id LIMIT ?) head
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final HeldTopics held;
    private final OutboxMemory memory = new OutboxMemory();

    OutboxStore(DataSource dataSource, HeldTopics held) {
        this.held = held;
        this.jdbc = new JdbcTemplate(dataSource);
        this.jdbc.setQueryTimeout(QUERY_TIMEOUT_SECONDS);
        // Our own: the relay's statements never join anybody's transaction, and commit even where autocommit is off.
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /** Whether the calling thread has a transaction open on this database. */
    boolean inTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(dataSource());
    }

    DataSource dataSource() {
        return Objects.requireNonNull(jdbc.getDataSource());
    }

    /** Appends in the caller's transaction; to be {@link #remember}ed once it is committed. */
    List<OutboxRow> append(List<OutboundMessage> messages) {
        List<Place> places = new ArrayList<>(jdbc.query(
                APPEND,
                OutboxStore::place,
                texts(messages, OutboundMessage::topic),
                texts(messages, OutboundMessage::key),
                texts(messages, message -> HEADERS_WRITER.writeValueAsString(message.headers())),
                messages.stream().map(OutboundMessage::body).toArray(byte[][]::new)));
        // Ids were given out in the order of the messages; nobody says that they come back in it.
        places.sort(Comparator.comparing(Place::id));
        List<OutboxRow> rows = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            rows.add(new OutboxRow(places.get(i).id(), places.get(i).appendedAt(), messages.get(i)));
        }
        return rows;
    }

    void remember(List<OutboxRow> committed) {
        memory.keep(committed);
    }

    /** Topics whose rows stay, for now. */
    Set<String> heldTopics() {
        return held.now().get();
    }

    /**
     * Removes rows, and reads the oldest of the others, in order: in one or two bounded statements that leave no transaction
     * open. What this process appended lately is not read again.
     *
     * @param acknowledged ids of rows to remove
     * @param from the lowest id worth looking at; 0 for all
     * @param exceptTopics topics that can take nothing now
     */
    List<OutboxRow> removeAndRead(
            List<Long> acknowledged, long from, Collection<String> exceptTopics, int mostRows, long mostBytes) {
        String[] except = exceptTopics.toArray(String[]::new);
        List<Place> places = acknowledged.isEmpty()
                ? jdbc.query(OLDEST_PLACES, OutboxStore::place, from, except, mostRows)
                : removeAndRead(acknowledged.toArray(Long[]::new), from, except, mostRows);
        memory.forget(acknowledged);
        List<OutboxRow> remembered = memory.find(places, mostBytes);
        return remembered == null
                ? jdbc.query(OLDEST, OutboxStore::row, from, except, mostRows, mostBytes)
                : remembered;
    }

    private List<Place> removeAndRead(Long[] acknowledged, long from, String[] except, int mostRows) {
        return Objects.requireNonNull(transaction.execute(status -> jdbc.query(
                REMOVE_AND_OLDEST_PLACES, OutboxStore::place, acknowledged, from, except, acknowledged, mostRows)));
    }

    void remove(List<Long> ids) {
        if (!ids.isEmpty()) {
            transaction.executeWithoutResult(status -> jdbc.update(REMOVE, (Object) ids.toArray(Long[]::new)));
            memory.forget(ids);
        }
    }

    Backlog backlog() {
        return Objects.requireNonNull(jdbc.queryForObject(
                BACKLOG,
                (row, number) -> new Backlog(
                        row.getLong("rows"), Duration.ofMillis((long) (row.getDouble("oldest_seconds") * 1000))),
                MOST_COUNTED));
    }

    /** Tells the instance that listens on {@link #CHANNEL}. */
    void ring() {
        transaction.executeWithoutResult(status -> jdbc.execute("NOTIFY " + CHANNEL));
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(row.getLong("id"), appendedAt(row));
    }

    private static Instant appendedAt(ResultSet row) throws SQLException {
        return row.getTimestamp("created_at").toInstant();
    }

    private static OutboxRow row(ResultSet row, int number) throws SQLException {
        return new OutboxRow(
                row.getLong("id"),
                appendedAt(row),
                new OutboundMessage(
                        row.getString("topic"),
                        row.getString("message_key"),
                        JSON.readValue(row.getString("headers"), HEADERS),
                        row.getBytes("body")));
    }

    /**
     * What waits.
     *
     * @param rows how many, counted up to {@link #MOST_COUNTED}
     * @param oldest age of the oldest
     */
    record Backlog(long rows, Duration oldest) {

        static final Backlog NONE = new Backlog(0, Duration.ZERO);
    }
}
