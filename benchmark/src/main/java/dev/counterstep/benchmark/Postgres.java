package dev.counterstep.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import dev.counterstep.migrations.ServiceDatabase;

/** PostgreSQL of a measured system, seen by its owner. */
final class Postgres {

    private static final String OURS = "('orchestrator', 'orders', 'inventory', 'payments', 'deliveries', '%s')"
            .formatted(SystemProcess.PEERS_DATABASE);
    private static final String TOTALS = """
            SELECT d.datname, sum(s.calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
            WHERE d.datname IN %s GROUP BY 1""".formatted(OURS);
    private static final String COSTLIEST = """
            SELECT d.datname, s.calls, s.rows, round(s.total_exec_time::numeric, 1) AS ms,
                   round(s.total_plan_time::numeric, 1) AS plan_ms, s.wal_bytes, s.wal_fpi, s.query
            FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
            WHERE d.datname IN %s ORDER BY s.total_exec_time DESC LIMIT 40""".formatted(OURS);
    private static final String COMMITS =
            "SELECT datname, xact_commit FROM pg_stat_database WHERE datname IN %s".formatted(OURS);
    private static final String SIZES =
            "SELECT datname, pg_database_size(datname) FROM pg_database WHERE datname IN %s".formatted(OURS);
    private static final String WAL = "SELECT 'wal', pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";

    private final Ready ready;

    Postgres(Ready ready) {
        this.ready = ready;
    }

    /** Begins to count statements. */
    void countStatements() throws SQLException {
        execute("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        execute("postgres", "SELECT pg_stat_statements_reset()");
    }

    /** Statements since they are counted, by database. Empty where PostgreSQL has no pg_stat_statements. */
    Map<String, Long> statements() throws SQLException {
        return numbers("postgres", TOTALS);
    }

    /** The costliest statements since they are counted, as lines of text. */
    List<String> costliest() throws SQLException {
        List<String> lines = new ArrayList<>();
        lines.add("database\tcalls\trows\tms\tplanning ms\tWAL bytes\twhole pages\tstatement");
        lines.addAll(rows("postgres", COSTLIEST));
        return lines;
    }

    /** Transactions since the start, by database; those that only read, too. */
    Map<String, Long> commits() throws SQLException {
        return numbers("postgres", COMMITS);
    }

    /** Bytes on disk, by database, indexes included. */
    Map<String, Long> sizes() throws SQLException {
        return numbers("postgres", SIZES);
    }

    /** Bytes of write-ahead log since the cluster was made. */
    long walBytes() throws SQLException {
        return numbers("postgres", WAL).getOrDefault("wal", 0L);
    }

    /** A query's first column, and its second as a number. */
    Map<String, Long> numbers(String database, String sql) throws SQLException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                numbers.put(row.getString(1), row.getLong(2));
            }
        }
        return numbers;
    }

    /** Runs a statement. */
    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    DataSource dataSource(ServiceDatabase database) {
        return new DriverManagerDataSource(ready.jdbcUrl() + database.databaseName(), ready.user(), ready.password());
    }

    Connection connect(ServiceDatabase database) throws SQLException {
        return connect(database.databaseName());
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(ready.jdbcUrl() + database, ready.user(), ready.password());
    }

    private List<String> rows(String database, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(String.valueOf(row.getString(column)).replaceAll("\\s+", " "));
                }
                lines.add(String.join("\t", values));
            }
        }
        return lines;
    }
}
