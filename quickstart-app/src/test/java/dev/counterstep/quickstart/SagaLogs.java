package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import dev.counterstep.migrations.ServiceDatabase;
import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Verification;

import static org.assertj.core.api.Assertions.assertThat;

/** What the command {@code verify} looks at, for the teardown of tests. */
final class SagaLogs {

    private SagaLogs() {}

    /** Folds the log of each saga of the quickstart on this data, whatever the sagas are doing, and compares it with the row. */
    static void allFoldToTheirRows(Path dataDir) {
        Properties connection = Client.connection(dataDir);
        allFoldToTheirRows(
                connection.getProperty("postgres.url"),
                connection.getProperty("postgres.admin.user"),
                connection.getProperty("postgres.admin.password"));
    }

    /** The same of a quickstart that has stopped: of all that it ran, PostgreSQL alone is started once more. */
    static void allFoldToTheirRowsOnceStopped(Path dataDir) throws IOException {
        try (DataDirectory directory = DataDirectory.open(dataDir)) {
            String superuser = PostgresServer.SUPERUSER;
            String password = Secrets.open(directory, List.of(superuser)).of(superuser);
            try (PostgresServer postgres = new PostgresServer(dataDir, FreePorts.one(), password)) {
                postgres.start();
                allFoldToTheirRows(postgres.jdbcUrl(ServiceDatabase.ORCHESTRATOR.databaseName()), superuser, password);
            }
        }
    }

    private static void allFoldToTheirRows(String url, String user, String password) {
        Verification verification = SagaVerifier.of(new DriverManagerDataSource(url, user, password))
                .verify();
        assertThat(verification.difference()).isNull();
        assertThat(verification.sagas()).isPositive();
    }
}
