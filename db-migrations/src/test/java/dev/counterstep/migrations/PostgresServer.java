package dev.counterstep.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** One PostgreSQL for all tests of this JVM: a container where a Docker engine answers, the embedded server where none does. */
final class PostgresServer {

    /** The administrator of the server, in its database {@code postgres}. */
    static final PostgresLogin ADMIN = start();

    private PostgresServer() {}

    // Neither is closed: both end with the JVM.
    @SuppressWarnings("resource")
    private static PostgresLogin start() {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine");
            container.start();
            return new PostgresLogin(container.getJdbcUrl(), container.getUsername(), container.getPassword());
        }
        try {
            // Passwords count, as in earnest, for everyone but the administrator, as whom the server is probed.
            Path access = Files.createTempFile("pg_hba", ".conf");
            Files.writeString(access, "host all postgres all trust\nhost all all all scram-sha-256\n");
            access.toFile().deleteOnExit();
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("hba_file", access.toString())
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "50")
                    .start();
            return new PostgresLogin(
                    "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
