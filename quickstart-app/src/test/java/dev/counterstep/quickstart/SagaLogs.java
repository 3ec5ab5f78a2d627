package dev.counterstep.quickstart;

import java.nio.file.Path;
import java.util.Properties;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import dev.counterstep.orchestrator.persistence.SagaVerifier;
import dev.counterstep.orchestrator.persistence.SagaVerifier.Verification;

import static org.assertj.core.api.Assertions.assertThat;

/** What the command {@code verify} looks at, for the teardown of tests. */
final class SagaLogs {

    private SagaLogs() {}

    /** Folds the log of each saga of the quickstart on this data, whatever the sagas are doing, and compares it with the row. */
    static void allFoldToTheirRows(Path dataDir) {
        Properties connection = Client.connection(dataDir);
        DriverManagerDataSource database = new DriverManagerDataSource();
        database.setUrl(connection.getProperty("postgres.url"));
        database.setUsername(connection.getProperty("postgres.admin.user"));
        database.setPassword(connection.getProperty("postgres.admin.password"));
        Verification verification = SagaVerifier.of(database).verify();
        assertThat(verification.difference()).isNull();
        assertThat(verification.sagas()).isPositive();
    }
}
