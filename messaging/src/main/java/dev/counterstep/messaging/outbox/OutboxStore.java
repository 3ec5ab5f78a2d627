package dev.counterstep.messaging.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.OutboxMemory.Place;
import dev.counterstep.storage.RoundTrip;

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

    // The inner query stops at the row limit, the outer one at the byte limit; the first row always comes.
    private static final String READ = """
            SELECT id, created_at, topic, message_key, headers, body
            FROM (
                SELECT id, created_at, topic, message_key, headers, body,
                       sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS bytes_before
                FROM outbox
                WHERE id = ANY (?)
            ) measured
            WHERE bytes_before < ?
            ORDER BY id
            """;

    private static final String REMOVE = "DELETE FROM outbox WHERE id = ANY (?)";

    // One row of what holds for all, with neither id nor time, and one for each place. xmin is a subtransaction's
    // behind a savepoint.
    private static final String OLDEST_PLACES = """
            WITH all_of_them AS MATERIALIZED (
                SELECT ARRAY(%s) AS held, current_setting('transaction_isolation') = 'read committed' AS latest,
                       pg_current_xact_id_if_assigned()::xid AS own_xid)
            SELECT held, latest, NULL::bigint AS id, NULL::timestamptz AS created_at, NULL::boolean AS own
            FROM all_of_them
            UNION ALL
            SELECT NULL, NULL, oldest.id, oldest.created_at, oldest.own
            FROM all_of_them, LATERAL (
                SELECT id, created_at, xmin = own_xid AS own
                FROM outbox
                WHERE id >= ? AND topic <> ALL (?) AND topic <> ALL (held)
                ORDER BY id
                LIMIT ?
            ) oldest
            """;

    /** What one transaction removes along with what it is for. */
    private static final int MOST_REMOVED = 2_000;

    private static final String BACKLOG = """
            SELECT count(*) AS rows, coalesce(EXTRACT(EPOCH FROM now() - min(created_at)), 0) AS oldest_seconds
            FROM (SELECT created_at FROM outbox ORDER BY id LIMIT ?) head
            """;

    /** Of the relay, which must not wait for ever. */
    private final JdbcTemplate jdbc;

    /** Of business transactions, which have timeouts of their own. */
    private final JdbcTemplate appending;

    private final TransactionTemplate transaction;
    private final String oldestPlaces;
    private final OutboxMemory memory = new OutboxMemory();
    private final Acknowledged acknowledged = new Acknowledged();

    OutboxStore(DataSource dataSource, HeldTopics held) {
        this.oldestPlaces = OLDEST_PLACES.formatted(held.query());
        this.jdbc = new JdbcTemplate(dataSource);
        this.appending = new JdbcTemplate(dataSource);
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

    /**
     * What a transaction did to the table: to be {@link #settle settled} when it has ended.
     *
     * @param appended by it
     * @param removed by it: acknowledged rows that it took along
     * @param read what it read after it, null for nothing
     */
    record Exchange(
            List<OutboxRow> appended,
            List<Long> removed,
            @Nullable OutboxRead read) {}

    /**
     * Appends in the caller's transaction. What it does beside costs no commit and no round trip of its own there: it removes rows
     * that were acknowledged, and reads what the relay asks for. It sees what was committed before the caller had its locks, so
     * whatever precedes the appended messages is read with them.
     *
     * @param before statements to run before it, which share its round trip
     */
    Exchange append(List<OutboundMessage> messages, @Nullable ReadRequest request, RoundTrip before) {
        List<Long> removed = acknowledged.take(MOST_REMOVED);
        try {
            List<OutboxRow> appended = new ArrayList<>(messages.size());
            List<OutboxRead> reads = new ArrayList<>(1);
            if (!removed.isEmpty()) {
                before.update(REMOVE, removals -> {}, (Object) removed.toArray(Long[]::new));
            }
            before.query(
                    APPEND,
                    rows -> appended.addAll(rows(places(rows), messages)),
                    texts(messages, OutboundMessage::topic),
                    texts(messages, OutboundMessage::key),
                    texts(messages, message -> HEADERS_WRITER.writeValueAsString(message.headers())),
                    messages.stream().map(OutboundMessage::body).toArray(byte[][]::new));
            if (request != null) {
                read(request, before, reads::add);
            }
            before.run(appending);
            return new Exchange(appended, removed, reads.isEmpty() ? null : reads.get(0));
        } catch (RuntimeException | Error e) {
            acknowledged.giveBack(removed);
            throw e;
        }
    }

    /** Runs statements in the caller's transaction. */
    void run(RoundTrip statements) {
        statements.run(appending);
    }

    private static List<Place> places(ResultSet rows) throws SQLException {
        List<Place> places = new ArrayList<>();
        while (rows.next()) {
            places.add(place(rows));
        }
        // Ids were given out in the order of the messages; nobody says that they come back in it.
        places.sort(Comparator.comparing(Place::id));
        return places;
    }

    private static List<OutboxRow> rows(List<Place> places, List<OutboundMessage> messages) {
        List<OutboxRow> rows = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            rows.add(new OutboxRow(places.get(i).id(), places.get(i).appendedAt(), messages.get(i)));
        }
        return rows;
    }

    private void read(ReadRequest request, RoundTrip trip, Consumer<OutboxRead> read) {
        long removals = acknowledged.removals();
        int limit = request.mostRows() + acknowledged.present();
        trip.query(
                oldestPlaces,
                rows -> read.accept(read(rows, request, limit, removals)),
                request.from(),
                request.exceptTopics().toArray(String[]::new),
                limit);
    }

    private static OutboxRead read(ResultSet rows, ReadRequest request, int limit, long removals) throws SQLException {
        List<Place> places = new ArrayList<>();
        Set<Long> own = new HashSet<>();
        Set<String> held = Set.of();
        boolean latest = false;
        while (rows.next()) {
            long id = rows.getLong("id");
            if (rows.wasNull()) {
                held = Set.copyOf(List.of((String[]) rows.getArray("held").getArray()));
                latest = rows.getBoolean("latest");
            } else {
                places.add(place(rows));
                if (rows.getBoolean("own")) {
                    own.add(id);
                }
            }
        }
        places.sort(Comparator.comparing(Place::id));
        return new OutboxRead(request, places, own, held, places.size() == limit, latest, removals);
    }

    /** The transaction that made an exchange has committed, or not, or nobody knows. */
    void settle(Exchange exchange, boolean committed) {
        if (committed) {
            memory.keep(exchange.appended());
            memory.forget(exchange.removed());
            acknowledged.removed(exchange.removed());
        } else {
            acknowledged.giveBack(exchange.removed());
        }
    }

    /** Reads the oldest rows, in one bounded statement that leaves no transaction open. */
    OutboxRead read(ReadRequest request) {
        List<OutboxRead> reads = new ArrayList<>(1);
        RoundTrip trip = new RoundTrip();
        read(request, trip, reads::add);
        trip.run(jdbc);
        return reads.get(0);
    }

    /** What has not arrived of what reads saw, by id. Null when one was so long ago that nobody knows. */
    @Nullable
    List<Place> unsent(List<OutboxRead> reads) {
        long eldest = reads.stream().mapToLong(OutboxRead::removals).min().orElseThrow();
        Set<Long> arrived = acknowledged.seenSince(eldest);
        if (arrived == null) {
            return null;
        }
        SortedMap<Long, Place> unsent = new TreeMap<>();
        for (OutboxRead read : reads) {
            read.places().forEach(place -> unsent.put(place.id(), place));
        }
        unsent.keySet().removeAll(arrived);
        return List.copyOf(unsent.values());
    }

    /** The rows at these places up to a limit of bytes, and one at least. What this process appended lately is not read again. */
    List<OutboxRow> rows(List<Place> places, long mostBytes) {
        List<OutboxRow> remembered = remembered(places, mostBytes);
        return remembered == null ? jdbc.query(READ, OutboxStore::row, ids(places), mostBytes) : remembered;
    }

    /** The same without a statement; null when this process does not have them all. */
    @Nullable
    List<OutboxRow> remembered(List<Place> places, long mostBytes) {
        return memory.find(places, mostBytes);
    }

    private static Long[] ids(List<Place> places) {
        return places.stream().map(Place::id).toArray(Long[]::new);
    }

    /** These rows have arrived: they are never sent again, and are to be removed. */
    void acknowledge(Collection<Long> ids) {
        acknowledged.add(ids);
    }

    /** How many acknowledged rows no transaction has taken along yet. */
    int removable() {
        return acknowledged.waiting();
    }

    /** Removes acknowledged rows in transactions of their own. */
    void remove() {
        for (List<Long> ids = acknowledged.take(MOST_REMOVED); !ids.isEmpty(); ids = acknowledged.take(MOST_REMOVED)) {
            Exchange exchange = new Exchange(List.of(), ids, null);
            boolean committed = false;
            try {
                transaction.executeWithoutResult(status ->
                        jdbc.update(REMOVE, (Object) exchange.removed().toArray(Long[]::new)));
                committed = true;
            } finally {
                settle(exchange, committed);
            }
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

    private static Place place(ResultSet row) throws SQLException {
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
