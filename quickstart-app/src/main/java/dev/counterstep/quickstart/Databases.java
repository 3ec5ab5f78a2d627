package dev.counterstep.quickstart;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import dev.counterstep.migrations.DatabaseCluster;
import dev.counterstep.migrations.Migrator;
import dev.counterstep.migrations.ServiceDatabase;

/** The five databases with their logins. */
final class Databases {

    private Databases() {}

    /** Every login there is, for {@link Secrets}. */
    static List<String> logins() {
        List<String> logins = new ArrayList<>(List.of(PostgresServer.SUPERUSER, DatabaseCluster.READER_ROLE));
        for (ServiceDatabase database : ServiceDatabase.values()) {
            logins.add(database.ownerRole());
            logins.add(database.appRole());
        }
        return logins;
    }

    /** Creates what is missing and migrates, side by side; a second time, nothing changes. */
    static void prepare(PostgresServer server, Secrets secrets) throws Exception {
        DatabaseCluster cluster = new DatabaseCluster(
                server.jdbcUrl("postgres"), PostgresServer.SUPERUSER, secrets.of(PostgresServer.SUPERUSER));
        try {
            cluster.createReader(secrets.of(DatabaseCluster.READER_ROLE));
            List<Callable<Migrator.Result>> each = new ArrayList<>();
            for (ServiceDatabase database : ServiceDatabase.values()) {
                each.add(() -> prepare(cluster, database, server, secrets));
            }
            Lanes.run(each);
        } catch (SQLException e) {
            throw new StartException(
                    "The databases cannot be prepared (" + e.getMessage()
                            + "): when secrets.properties was lost, --reset starts anew.",
                    e);
        }
    }

    private static Migrator.Result prepare(
            DatabaseCluster cluster, ServiceDatabase database, PostgresServer server, Secrets secrets)
            throws SQLException {
        String name = database.databaseName();
        String ownerPassword = secrets.of(database.ownerRole());
        cluster.create(database, name, ownerPassword, secrets.of(database.appRole()));
        return Migrator.migrate(database, server.jdbcUrl(name), ownerPassword);
    }
}
