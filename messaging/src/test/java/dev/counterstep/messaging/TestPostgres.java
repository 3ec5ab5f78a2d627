package dev.counterstep.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The JVM's one PostgreSQL server, started at first use. Nothing in it outlives the tests, so it does not wait for the disk.
 *
 * @param host where it listens
 * @param port the port it listens on, chosen anew at each start
 * @param user its superuser
 * @param password the superuser's password
 */
record TestPostgres(String host, int port, String user, String password) {

    static final String IMAGE = "postgres:18-alpine";

    private static final Map<String, String> SETTINGS =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off", "max_connections", "300");

    /** Starts the server once, and only if somebody asks for it. */
    private static final class Holder {
        static final TestPostgres INSTANCE =
                DockerClientFactory.instance().isDockerAvailable() ? inContainer() : embedded();
    }

    static TestPostgres instance() {
        return Holder.INSTANCE;
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
    }

    private static TestPostgres embedded() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        SETTINGS.forEach(builder::setServerConfig);
        try {
            return new TestPostgres("localhost", builder.start().getPort(), "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL did not start", e);
        }
    }

    @SuppressWarnings("resource") // Ryuk removes the container with the JVM.
    private static TestPostgres inContainer() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        String[] command = SETTINGS.entrySet().stream()
                .map(setting -> "-c" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        container.setCommand(command);
        container.start();
        return new TestPostgres(
                container.getHost(), container.getFirstMappedPort(), container.getUsername(), container.getPassword());
    }
}
