package dev.counterstep.messaging.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from other instances that they appended, so that their messages need not wait for a safety pass.
 *
 * <p>Listens on a connection of its own, outside any pool, and connects again by itself. A bell that is not heard costs time
 * and nothing else: behind a connection pooler that drops LISTEN the safety pass does all the work.
 */
final class OutboxBell {

    private static final Logger log = LoggerFactory.getLogger(OutboxBell.class);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final int LISTEN_MILLIS = 10_000;

    private final DataSource unpooled;
    private final Runnable onRing;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Connection listening;

    /**
     * @param unpooled makes connections that may be kept for ever
     * @param onRing called at each ring, and once after each connect for those that were missed
     */
    OutboxBell(DataSource unpooled, Runnable onRing) {
        this.unpooled = unpooled;
        this.onRing = onRing;
    }

    void start() {
        Thread thread = new Thread(this::listenUntilStopped, "outbox-bell");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        stopped.countDown();
        Connection connection = listening;
        if (connection != null) {
            try {
                connection.abort(Runnable::run); // wakes the thread that reads from it
            } catch (SQLException e) {
                log.debug("the bell's connection did not close", e);
            }
        }
    }

    private void listenUntilStopped() {
        boolean broken = false;
        while (stopped.getCount() > 0) {
            try (Connection connection = unpooled.getConnection()) {
                listening = connection;
                listen(connection);
                broken = false;
            } catch (SQLException e) {
                if (!broken && stopped.getCount() > 0) {
                    log.warn(
                            "cannot listen for other instances; their messages wait for the safety pass: {}",
                            e.toString());
                }
                broken = true;
            } finally {
                listening = null;
            }
            pause();
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + OutboxStore.CHANNEL);
            onRing.run();
            PGConnection notifications = connection.unwrap(PGConnection.class);
            while (stopped.getCount() > 0) {
                if (notifications.getNotifications(LISTEN_MILLIS).length > 0) {
                    onRing.run();
                } else {
                    statement.execute("SELECT 1"); // a connection that died in silence shows here
                }
            }
        }
    }

    private void pause() {
        try {
            stopped.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }
}
