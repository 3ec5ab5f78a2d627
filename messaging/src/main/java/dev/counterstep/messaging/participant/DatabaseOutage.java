package dev.counterstep.messaging.participant;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionSystemException;

/** Tells a database that is away from a command that fails: the first concerns every command, and only waiting helps. */
final class DatabaseOutage {

    private static final int MOST_CAUSES = 32;

    /** What Hikari says once it has closed a broken connection; it has no SQLState, which a server always sends. */
    private static final String CLOSED_BY_POOL = "Connection is closed";

    private DatabaseOutage() {}

    /** Whether this was thrown because the database cannot be reached. */
    static boolean isBehind(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof SQLException exception && isOutage(exception)) {
                return true;
            }
            cause = next(cause);
        }
        return false;
    }

    /** When the rollback fails too, which it does on a broken connection, its exception hides the one that came first. */
    private static @Nullable Throwable next(Throwable thrown) {
        return thrown instanceof TransactionSystemException failed && failed.getApplicationException() != null
                ? failed.getApplicationException()
                : thrown.getCause();
    }

    // Class 08: connection exception; 57P01-57P03: shut down, crashed, starting; 53300: no connection left.
    private static boolean isOutage(SQLException exception) {
        String state = String.valueOf(exception.getSQLState());
        return exception instanceof SQLTransientConnectionException
                || exception instanceof SQLRecoverableException
                || state.startsWith("08")
                || state.startsWith("57P0")
                || state.equals("53300")
                || (exception.getSQLState() == null && CLOSED_BY_POOL.equals(exception.getMessage()));
    }
}
