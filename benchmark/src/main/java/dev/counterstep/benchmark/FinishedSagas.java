package dev.counterstep.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.springframework.util.function.ThrowingConsumer;

import dev.counterstep.migrations.ServiceDatabase;

/**
 * Stores finished sagas in bulk: copies of those that really ran, in every table of all five databases. Columns of type uuid get
 * ids of their own, alike in all tables and in the order of time as version 7 has it; so do the texts that hold such ids and are
 * indexed. Everything else, and so the size of each row, is the real one's; only that copies, which never change, leave no room in
 * their pages for updates.
 */
final class FinishedSagas {

    private static final int CHUNK = 100_000;
    private static final int THREADS = 2;

    /** Of a real saga's id, and of the number of its copy; the higher the number, the older the copy. */
    private static final String COPY_FUNCTION = """
            CREATE OR REPLACE FUNCTION bench_copy(id uuid, copy bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT (lpad(to_hex(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint - copy * 1000), 12, '0')
                    || '7' || substr(md5(id::text || copy), 1, 3) || '8' || substr(md5(id::text || copy), 4, 15))::uuid
            $$""";

    private static final String COLUMNS = """
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = ? AND is_identity = 'NO' AND is_generated = 'NEVER'
            ORDER BY ordinal_position""";

    private static final String ROOM_FOR_UPDATES = """
            SELECT relname, substring(reloptions::text FROM 'fillfactor=([0-9]+)')::bigint FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reloptions::text LIKE '%fillfactor=%'""";

    private static final String OF_ID = "bench_copy(%s::uuid, k)::text";
    private static final String OF_KEY = "bench_copy(left(%s, 36)::uuid, k) || substr(%<s, 37)";

    /** Texts that hold an id; of those that hold a random one, the number of the copy makes each its own. */
    private static final Map<String, String> TEXTS = Map.of(
            "saga.business_key", OF_ID,
            "saga.correlation_id", OF_ID,
            "orders.correlation_id", OF_ID,
            "notification.message_id", OF_KEY,
            "reservation.order_id", OF_ID,
            "payment.order_id", OF_ID,
            "payment.idempotency_key", OF_KEY,
            "delivery.order_id", OF_ID,
            "delivery.idempotency_key", OF_KEY);

    private static final Map<String, String> UNIQUE_TEXTS = Map.of(
            "gateway_entry.idempotency_key",
            OF_KEY,
            "gateway_entry.reference",
            "left(%s, 23) || lpad(to_hex(k), 12, '0')",
            "carrier_entry.idempotency_key",
            OF_KEY,
            "carrier_entry.tracking_number",
            "left(%s, 24) || lpad(to_hex(k), 12, '0')");

    private static final Map<ServiceDatabase, List<String>> TABLES = Map.of(
            ServiceDatabase.ORCHESTRATOR, List.of("saga", "saga_log"),
            ServiceDatabase.ORDERS, List.of("orders", "order_history", "notification", "inbox"),
            ServiceDatabase.INVENTORY, List.of("reservation", "inbox"),
            ServiceDatabase.PAYMENTS, List.of("payment", "gateway_entry", "inbox"),
            ServiceDatabase.DELIVERIES, List.of("delivery", "carrier_entry", "inbox"));

    private final Postgres postgres;
    private long originals;
    private long copies;

    FinishedSagas(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Takes all sagas that are stored, which must have ended, as the originals of what {@link #fill} makes. */
    void begin() throws SQLException {
        for (ServiceDatabase database : ServiceDatabase.values()) {
            List<String> tables = TABLES.getOrDefault(database, List.of());
            postgres.execute(database.databaseName(), COPY_FUNCTION);
            for (String table : tables) {
                postgres.execute(
                        database.databaseName(),
                        "CREATE UNLOGGED TABLE bench_%s AS SELECT * FROM %<s".formatted(table));
            }
        }
        originals = stored();
    }

    /** Makes copies until so many sagas are stored, at the least. */
    void fill(long wanted, Progress progress) throws InterruptedException, SQLException {
        long rounds = Math.max(1, CHUNK / originals);
        long stored = stored();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            while (stored < wanted) {
                long missing = (wanted - stored + originals - 1) / originals;
                long first = copies + 1;
                long last = copies + Math.min(rounds, missing);
                progress.stage("storing finished sagas, %,d of %,d".formatted(stored, wanted));
                each(threads, database -> copy(database, first, last));
                stored += (last - copies) * originals;
                copies = last;
            }
            progress.stage("vacuum");
            each(threads, database -> postgres.execute(database.databaseName(), "VACUUM (ANALYZE)"));
        } finally {
            threads.shutdown();
        }
        postgres.execute("postgres", "CHECKPOINT");
    }

    /** On every database, the largest first. */
    private static void each(ExecutorService threads, ThrowingConsumer<ServiceDatabase> work)
            throws InterruptedException {
        List<Callable<Boolean>> all = new ArrayList<>();
        for (ServiceDatabase database : ServiceDatabase.values()) {
            all.add(() -> {
                work.acceptWithException(database);
                return true;
            });
        }
        for (Future<Boolean> done : threads.invokeAll(all)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("finished sagas could not be stored", e.getCause());
            }
        }
    }

    private long stored() throws SQLException {
        return postgres.numbers("orchestrator", "SELECT 'sagas', count(*) FROM saga")
                .getOrDefault("sagas", 0L);
    }

    private void copy(ServiceDatabase database, long first, long last) throws SQLException {
        Map<String, Long> room = postgres.numbers(database.databaseName(), ROOM_FOR_UPDATES);
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica"); // what is copied refers to what is copied
            for (String table : TABLES.getOrDefault(database, List.of())) {
                Long fillFactor = room.get(table);
                if (fillFactor != null) {
                    statement.execute("ALTER TABLE %s SET (fillfactor = 100)".formatted(table));
                }
                statement.executeUpdate(copySql(connection, table, first, last));
                if (fillFactor != null) {
                    statement.execute("ALTER TABLE %s SET (fillfactor = %d)".formatted(table, fillFactor));
                }
            }
        }
    }

    private static String copySql(Connection connection, String table, long first, long last) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (PreparedStatement columns = connection.prepareStatement(COLUMNS)) {
            columns.setString(1, table);
            try (ResultSet column = columns.executeQuery()) {
                while (column.next()) {
                    names.add(column.getString(1));
                    values.add(value(table, column.getString(1), column.getString(2)));
                }
            }
        }
        return """
                INSERT INTO %1$s (%2$s) SELECT %3$s
                FROM generate_series(%4$d, %5$d, -1) AS k, LATERAL (SELECT * FROM bench_%1$s OFFSET 0) AS o""".formatted(table, String.join(", ", names), String.join(", ", values), last, first);
    }

    private static String value(String table, String column, String type) {
        if (type.equals("uuid")) {
            return "bench_copy(%s, k)".formatted(column);
        }
        String key = table + "." + column;
        return TEXTS.getOrDefault(key, UNIQUE_TEXTS.getOrDefault(key, "%s")).formatted(column);
    }
}
