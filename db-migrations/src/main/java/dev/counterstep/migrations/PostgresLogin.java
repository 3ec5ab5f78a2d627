package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;

import org.postgresql.PGProperty;
import org.postgresql.util.PSQLState;

/**
 * Where to connect to, and as whom.
 *
 * @param url JDBC URL; it must not name a user or password itself, because the driver would prefer those
 */
record PostgresLogin(String url, String user, String password) {

    private static final Pattern CREDENTIALS = Pattern.compile("[?&](user|password)=");

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    PostgresLogin {
        if (CREDENTIALS.matcher(url).find()) {
            throw new IllegalArgumentException("A JDBC URL must not carry a user or password: they are given apart.");
        }
    }

    Connection open() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.APPLICATION_NAME.set(properties, "counterstep-migrator");
        return DriverManager.getConnection(url, properties);
    }

    /**
     * Waits until the server accepts connections: next to us it may still be starting. What time cannot heal, a wrong
     * password for example, is thrown at once.
     */
    void await(Duration limit) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                open().close();
                return;
            } catch (SQLException e) {
                if (!mayHealByItself(e) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(RETRY_INTERVAL.toMillis());
        }
    }

    private static boolean mayHealByItself(SQLException e) {
        String state = e.getSQLState();
        return PSQLState.isConnectionError(state) || "57P03".equals(state); // cannot_connect_now: starting or stopping
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + " at " + url;
    }
}
