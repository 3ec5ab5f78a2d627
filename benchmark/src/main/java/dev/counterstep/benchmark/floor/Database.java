package dev.counterstep.benchmark.floor;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** One connection to one database, with its prepared statements. For one thread. */
final class Database implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Database(String url, String user, String password) throws SQLException {
        this.connection = DriverManager.getConnection(url, user, password);
        try (Statement statement = connection.createStatement()) {
            // A plan made while a table was empty stays slow for ever.
            statement.execute("SET plan_cache_mode = force_custom_plan");
        }
        connection.setAutoCommit(false);
    }

    /** Rows as columns: what a statement with {@code unnest} takes. */
    final class Columns<R> {

        private final List<R> rows;
        private final List<Array> columns = new ArrayList<>();

        Columns(List<R> rows) {
            this.rows = rows;
        }

        Columns<R> with(String type, Function<R, @Nullable Object> value) throws SQLException {
            columns.add(connection.createArrayOf(type, rows.stream().map(value).toArray(Object[]::new)));
            return this;
        }

        Columns<R> withBytes(Function<R, byte[]> value) throws SQLException {
            columns.add(
                    connection.createArrayOf("bytea", rows.stream().map(value).toArray(byte[][]::new)));
            return this;
        }

        /** Runs the statement unless there are no rows, and returns how many rows it changed. */
        int update(String sql) throws SQLException {
            return rows.isEmpty() ? 0 : bound(sql).executeUpdate();
        }

        /** Runs the statement unless there are no rows, and returns what {@code row} makes of each row. */
        <T> List<T> query(String sql, Row<T> row) throws SQLException {
            List<T> found = new ArrayList<>();
            if (!rows.isEmpty()) {
                try (ResultSet result = bound(sql).executeQuery()) {
                    while (result.next()) {
                        found.add(row.of(result));
                    }
                }
            }
            return found;
        }

        private PreparedStatement bound(String sql) throws SQLException {
            PreparedStatement statement = prepared(sql);
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(i + 1, columns.get(i));
            }
            return statement;
        }
    }

    /** Makes something of a row. */
    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    <R> Columns<R> columns(List<R> rows) {
        return new Columns<>(rows);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }
}
