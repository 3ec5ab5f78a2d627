package dev.counterstep.messaging;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One connection to a new database. What is read over it is counted, so that a test sees by which plans. */
public final class PlannedConnection implements AutoCloseable {

    private final TestDatabase database;
    private final SingleConnectionDataSource connection;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    public PlannedConnection(String databaseName) {
        database = TestInfrastructure.newDatabase(databaseName);
        connection = new SingleConnectionDataSource(database.url(), database.user(), database.password(), true);
        jdbc = new JdbcTemplate(connection);
        transaction = new TransactionTemplate(new JdbcTransactionManager(connection));
    }

    /** How a service opens its connections, as its settings on the class path say. */
    public static String init(String service) {
        YamlPropertiesFactoryBean settings = new YamlPropertiesFactoryBean();
        settings.setResources(new ClassPathResource(service + ".yaml"));
        return Objects.requireNonNull(Objects.requireNonNull(settings.getObject())
                .getProperty("spring.datasource.hikari.connection-init-sql"));
    }

    public JdbcTemplate jdbc() {
        return jdbc;
    }

    public TransactionTemplate transaction() {
        return transaction;
    }

    /** A connection of the owner's beside this one. */
    public Connection another() throws SQLException {
        return database.ownerDataSource().getConnection();
    }

    /** Counts the rows of all tables for the planner. */
    public void analyze() {
        new JdbcTemplate(database.ownerDataSource()).execute("ANALYZE");
    }

    /** Rows read of a table so far, by scans of it and of its indexes. */
    public long rowsRead(String table) {
        return statistic("""
                SELECT seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ?)
                FROM pg_stat_user_tables WHERE relname = ?
                """, table, table);
    }

    /** Pages read of a table's indexes so far: one that is skipped through by its second column gives few rows for many. */
    public long indexPagesRead(String table) {
        return statistic("SELECT idx_blks_read + idx_blks_hit FROM pg_statio_user_tables WHERE relname = ?", table);
    }

    private long statistic(String sql, Object... arguments) {
        jdbc.query("SELECT pg_stat_force_next_flush()", row -> {});
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, arguments));
    }

    @Override
    public void close() {
        connection.destroy();
    }
}
