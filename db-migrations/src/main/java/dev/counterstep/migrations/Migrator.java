package dev.counterstep.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings the schema of one database to the newest version. Does nothing to a database that is there already; several at once
 * share the work, and each migration is applied once. It never cleans: Flyway's {@code clean} is disabled.
 */
public final class Migrator {

    private Migrator() {}

    /**
     * Applies what is missing, as the database's owner. The owner and application logins must exist, and
     * {@link DatabaseCluster#READER_ROLE} for the orchestrator's.
     *
     * @throws FlywayException when a migration fails (it is rolled back), or an applied one was edited since
     * @throws SQLException when the server cannot be reached
     * @throws IllegalArgumentException when the URL carries a user or password
     */
    public static Result migrate(ServiceDatabase kind, String url, String ownerPassword) throws SQLException {
        PostgresLogin owner = new PostgresLogin(url, kind.ownerRole(), ownerPassword);
        Flyway flyway = Flyway.configure(Migrator.class.getClassLoader())
                .dataSource(owner.url(), owner.user(), owner.password())
                .locations(kind.locations().toArray(String[]::new))
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .placeholders(Map.of("app_role", kind.appRole(), "reader_role", DatabaseCluster.READER_ROLE))
                .cleanDisabled(true)
                .load();
        MigrateResult done = flyway.migrate();
        if (done.migrationsExecuted > 0) {
            analyze(owner);
            return new Result(done.migrationsExecuted, done.targetSchemaVersion);
        }
        return new Result(0, done.initialSchemaVersion);
    }

    /** Plans are chosen by statistics, and new tables have none until autovacuum comes by. */
    private static void analyze(PostgresLogin owner) throws SQLException {
        try (Connection connection = owner.open();
                Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE");
        }
    }

    /**
     * What was done.
     *
     * @param applied how many migrations; 0 when there was nothing to do
     * @param version the schema's version now
     */
    public record Result(int applied, String version) {}
}
