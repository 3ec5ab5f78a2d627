package dev.counterstep.messaging;

import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.test.context.DynamicPropertyRegistry;

import dev.counterstep.migrations.DatabaseCluster;
import dev.counterstep.migrations.Migrator;
import dev.counterstep.migrations.ServiceDatabase;

/**
 * The real PostgreSQL and the real Kafka of this JVM's tests: one of each, started at first use, on random ports. Where a
 * Docker engine answers they are containers, elsewhere they are embedded; no test is ever skipped for want of them.
 *
 * <p>Topics are created by the broker when first written to or asked for, with {@value #PARTITIONS} partitions. They are
 * shared by all tests of the JVM, so two contexts with the same participant must not be alive at once. Thread-safe.
 */
public final class TestInfrastructure {

    /** How many partitions a topic gets that nobody declared. */
    public static final int PARTITIONS = TestKafka.PARTITIONS;

    private static final String PASSWORD = "only-for-tests";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestInfrastructure() {}

    /** Where Kafka clients connect to. */
    public static String bootstrapServers() {
        return TestKafka.instance().bootstrapServers();
    }

    /**
     * Where Kafka clients of a test about outages connect to: the same broker and topics, behind {@link #kafkaWire}. Other
     * clients do not notice when it is cut.
     */
    public static String cuttableBootstrapServers() {
        return "localhost:" + kafkaWire().port();
    }

    /** The wire to the broker. Who cuts it restores it, in a {@code finally}. */
    public static TcpProxy kafkaWire() {
        return TestKafka.instance().wire();
    }

    /** A new wire to PostgreSQL, for one test; the caller closes it. Combine with {@link #throughWire}. */
    public static TcpProxy newPostgresWire() {
        TestPostgres server = TestPostgres.instance();
        return TcpProxy.to(() -> new InetSocketAddress(server.host(), server.port()));
    }

    /** The same database, reached through the wire. */
    public static TestDatabase throughWire(TestDatabase database, TcpProxy wire) {
        String url = "jdbc:postgresql://localhost:%d/%s".formatted(wire.port(), database.name());
        return new TestDatabase(
                database.name(),
                url,
                database.user(),
                database.password(),
                database.ownerUser(),
                database.ownerPassword());
    }

    /**
     * Creates a database and migrates it, as the migrator would.
     *
     * @param kind {@code orchestrator}, {@code orders}, {@code inventory}, {@code payments} or {@code deliveries}
     */
    public static TestDatabase newDatabase(String kind) {
        ServiceDatabase service = ServiceDatabase.valueOf(kind.toUpperCase(Locale.ROOT));
        TestPostgres server = TestPostgres.instance();
        String name = "%s_%d".formatted(service.databaseName(), DATABASES.incrementAndGet());
        String url = server.jdbcUrl(name);
        try {
            DatabaseCluster cluster = new DatabaseCluster(server.jdbcUrl("postgres"), server.user(), server.password());
            cluster.createReader(PASSWORD);
            cluster.create(service, name, PASSWORD, PASSWORD);
            Migrator.migrate(service, url, PASSWORD);
        } catch (SQLException e) {
            throw new IllegalStateException("database %s could not be made".formatted(name), e);
        }
        return new TestDatabase(name, url, service.appRole(), PASSWORD, service.ownerRole(), PASSWORD);
    }

    /** The same database as the reader of {@code saga_v1} sees it; of kind {@code orchestrator} only. */
    public static TestDatabase asReader(TestDatabase database) {
        return new TestDatabase(
                database.name(),
                database.url(),
                DatabaseCluster.READER_ROLE,
                PASSWORD,
                database.ownerUser(),
                database.ownerPassword());
    }

    /** Points a Spring test at this broker and that database, and at a random HTTP port. */
    public static void registerProperties(DynamicPropertyRegistry registry, TestDatabase database) {
        registry.add("spring.kafka.bootstrap-servers", TestInfrastructure::bootstrapServers);
        database.properties().forEach((name, value) -> registry.add(name.toString(), () -> value));
        registry.add("server.port", () -> 0);
    }

    /** The same, with the broker behind the wire. */
    public static void registerCuttableProperties(DynamicPropertyRegistry registry, TestDatabase database) {
        registerProperties(registry, database);
        registry.add("spring.kafka.bootstrap-servers", TestInfrastructure::cuttableBootstrapServers);
    }
}
