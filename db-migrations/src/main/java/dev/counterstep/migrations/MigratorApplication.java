package dev.counterstep.migrations;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.LoggerFactory;

/**
 * The migrator as a program: creates the five databases and their logins if it is given an administrator, brings each to the
 * newest version, prints one line for each, and ends with 0; or with 1 and one sentence. Run it again at any time.
 *
 * <p>Environment: {@code COUNTERSTEP_<D>_URL} and {@code COUNTERSTEP_<D>_OWNER_PASSWORD} for each database D of
 * {@link ServiceDatabase}. To create databases and logins first: {@code COUNTERSTEP_POSTGRES_ADMIN_URL}, {@code _USER} and
 * {@code _PASSWORD}, {@code COUNTERSTEP_<D>_APP_PASSWORD} for each D, and {@code COUNTERSTEP_READER_PASSWORD}.
 *
 * <p>Waits up to 60 s for the server to come up.
 */
public final class MigratorApplication {

    private static final Duration STARTUP_LIMIT = Duration.ofSeconds(60);

    private final MigratorSettings settings;
    private final PrintStream out;

    private MigratorApplication(MigratorSettings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    public static void main(String[] args) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        System.exit(run(System.getenv(), System.out, System.err));
    }

    /** The program without its process: returns the exit code. */
    static int run(Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            new MigratorApplication(MigratorSettings.from(environment), out).run();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("Migration stopped: interrupted.");
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println("Migration stopped: " + e.getMessage());
        }
        return 1;
    }

    private void run() throws InterruptedException {
        if (settings.admin() != null) {
            create(settings.admin());
        }
        for (var target : settings.targets().entrySet()) {
            migrate(target.getKey(), target.getValue());
        }
    }

    private void create(PostgresLogin admin) throws InterruptedException {
        try {
            admin.await(STARTUP_LIMIT);
            DatabaseCluster cluster = new DatabaseCluster(admin.url(), admin.user(), admin.password());
            cluster.createReader(settings.readerPassword());
            for (var entry : settings.targets().entrySet()) {
                MigratorSettings.Target target = entry.getValue();
                String name = databaseIn(target.url());
                cluster.create(entry.getKey(), name, target.ownerPassword(), target.appPassword());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("as " + admin + ": " + reason(e), e);
        }
    }

    private void migrate(ServiceDatabase kind, MigratorSettings.Target target) throws InterruptedException {
        long start = System.nanoTime();
        PostgresLogin owner = new PostgresLogin(target.url(), kind.ownerRole(), target.ownerPassword());
        Migrator.Result result;
        try {
            owner.await(STARTUP_LIMIT);
            result = Migrator.migrate(kind, target.url(), target.ownerPassword());
        } catch (SQLException | FlywayException e) {
            throw new IllegalStateException("as " + owner + ": " + reason(e), e);
        }
        out.printf(
                "%-12s version %s, %d applied, %d ms%n",
                kind.databaseName(),
                result.version(),
                result.applied(),
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private static String databaseIn(String url) {
        Properties parsed = Driver.parseURL(url, null);
        String name = parsed == null ? null : PGProperty.PG_DBNAME.getOrDefault(parsed);
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("Not a PostgreSQL JDBC URL with a database name: " + url);
        }
        return name;
    }

    /** The innermost cause's first two lines, what and which: without the advice and the way we came there. */
    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
        return message.strip().lines().limit(2).map(String::strip).collect(Collectors.joining("; "));
    }
}
