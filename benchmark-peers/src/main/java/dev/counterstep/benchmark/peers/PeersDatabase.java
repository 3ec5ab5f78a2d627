package dev.counterstep.benchmark.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import com.zaxxer.hikari.HikariDataSource;

import dev.counterstep.benchmark.SystemProcess;
import dev.counterstep.benchmark.load.NewOrders;
import dev.counterstep.quickstart.EmbeddedStack;

/** The one database of an engine and of its participants. */
final class PeersDatabase {

    private final EmbeddedStack stack;

    PeersDatabase(EmbeddedStack stack) {
        this.stack = stack;
    }

    /** Creates it with the participants' tables, and fills the stock. */
    void create() throws SQLException, IOException {
        execute("postgres", "CREATE DATABASE " + SystemProcess.PEERS_DATABASE);
        try (InputStream tables = PeersDatabase.class.getResourceAsStream("/peers/tables.sql")) {
            execute(new String(Objects.requireNonNull(tables).readAllBytes(), StandardCharsets.UTF_8));
        }
        execute("""
                INSERT INTO product (id, available)
                SELECT 'bench-' || number, %d FROM generate_series(0, %d - 1) AS number
                """.formatted(NewOrders.STOCK, NewOrders.PRODUCTS));
    }

    /**
     * Says which of the engine's sagas have not ended, for the audit.
     *
     * @param query their ids
     */
    void defineOpenSagas(String query) throws SQLException {
        execute("CREATE VIEW open_saga AS " + query);
    }

    /** @param connections as many as there are; none is ever opened late */
    HikariDataSource pool(int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(stack.jdbcUrl(SystemProcess.PEERS_DATABASE));
        pool.setUsername(stack.superuser());
        pool.setPassword(stack.password(stack.superuser()));
        pool.setMaximumPoolSize(connections);
        pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        return pool;
    }

    private void execute(String sql) throws SQLException {
        execute(SystemProcess.PEERS_DATABASE, sql);
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        stack.jdbcUrl(database), stack.superuser(), stack.password(stack.superuser()));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
