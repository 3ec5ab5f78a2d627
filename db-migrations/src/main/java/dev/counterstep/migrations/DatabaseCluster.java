package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.postgresql.PGConnection;

/**
 * Creates databases and logins in a PostgreSQL server, as its administrator. Whatever exists already is kept, except
 * passwords: those are set to what is given, so a new password takes effect by running this again. Passwords reach the
 * server only as SCRAM verifiers, never in clear.
 *
 * <p>Nobody but a database's owner and application login (and {@link #READER_ROLE} for the orchestrator's) may connect to it.
 *
 * <p>Thread-safe; several at once, even in different processes, wait for one another.
 */
public final class DatabaseCluster {

    /** The login that may read schema {@code saga_v1} of the orchestrator's database, and nothing else. */
    public static final String READER_ROLE = "saga_reader";

    /** Key of the advisory lock under which roles and databases are created; any number that nobody else uses. */
    private static final long LOCK_KEY = 0x636f756e74657231L;

    private final PostgresLogin admin;

    /**
     * @param adminUrl JDBC URL of any database of the server, usually {@code postgres}
     * @param adminUser a superuser, or a login with CREATEDB and CREATEROLE
     */
    public DatabaseCluster(String adminUrl, String adminUser, String adminPassword) {
        this.admin = new PostgresLogin(adminUrl, adminUser, adminPassword);
    }

    /**
     * Creates the reader, or sets its password. Its transactions are read-only, its statements end after 10 s and its idle
     * transactions after 60 s; privileges, not these settings, are what keeps it from writing.
     *
     * @throws SQLException when the server cannot be reached or refuses
     */
    public void createReader(String password) throws SQLException {
        try (Connection connection = locked()) {
            createLogin(connection, READER_ROLE, password);
            execute(connection, "ALTER ROLE %s CONNECTION LIMIT 20", READER_ROLE);
            execute(connection, "ALTER ROLE %s SET default_transaction_read_only = on", READER_ROLE);
            execute(connection, "ALTER ROLE %s SET statement_timeout = '10s'", READER_ROLE);
            execute(connection, "ALTER ROLE %s SET idle_in_transaction_session_timeout = '60s'", READER_ROLE);
        }
    }

    /**
     * Creates a database and its two logins, or sets their passwords. The orchestrator's needs {@link #createReader} first.
     *
     * @param name of the database: {@link ServiceDatabase#databaseName()}, or any other when there are several of a kind
     * @throws SQLException when the server cannot be reached or refuses
     */
    public void create(ServiceDatabase kind, String name, String ownerPassword, String appPassword)
            throws SQLException {
        try (Connection connection = locked()) {
            createLogin(connection, kind.ownerRole(), ownerPassword);
            createLogin(connection, kind.appRole(), appPassword);
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                becomeAbleToGiveTo(connection, kind.ownerRole());
                execute(
                        connection,
                        "CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING 'UTF8'",
                        name,
                        kind.ownerRole());
            }
            execute(connection, "REVOKE ALL ON DATABASE %s FROM PUBLIC", name);
            execute(connection, "GRANT CONNECT ON DATABASE %s TO %s", name, kind.appRole());
            if (kind == ServiceDatabase.ORCHESTRATOR) {
                execute(connection, "GRANT CONNECT ON DATABASE %s TO %s", name, READER_ROLE);
            }
        }
    }

    /** A connection that holds the lock until it is closed. */
    private Connection locked() throws SQLException {
        Connection connection = admin.open();
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            lock.setLong(1, LOCK_KEY);
            lock.execute();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void createLogin(Connection connection, String role, String password) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)) {
            execute(connection, "CREATE ROLE %s", role);
        }
        execute(connection, "ALTER ROLE %s LOGIN", role);
        connection.unwrap(PGConnection.class).alterUserPassword(role, password.toCharArray(), "scram-sha-256");
    }

    /** Only a superuser may give a database to a role without being a member of it. */
    private static void becomeAbleToGiveTo(Connection connection, String role) throws SQLException {
        if (!exists(connection, "SELECT 1 WHERE pg_has_role(?, 'SET')", role)) {
            execute(connection, "GRANT %s TO CURRENT_USER", role);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** DDL takes no parameters, so names are put in as quoted identifiers. */
    private static void execute(Connection connection, String template, String... names) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Object[] quoted = new Object[names.length];
            for (int i = 0; i < names.length; i++) {
                quoted[i] = statement.enquoteIdentifier(names[i], true);
            }
            statement.execute(template.formatted(quoted));
        }
    }
}
