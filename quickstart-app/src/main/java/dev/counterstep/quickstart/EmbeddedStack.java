package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What {@code ./quickstart} runs, for programs with a terminal of their own, such as the benchmark: PostgreSQL with the five
 * databases, a Kafka broker with the topics, both durable, and the five services once they are asked for. One per JVM.
 *
 * <p>Not safe for use by several threads.
 */
public final class EmbeddedStack implements AutoCloseable {

    private static final List<String> PARTICIPANTS = List.of("order", "inventory", "payment", "delivery");
    private static final int POSTGRES_OFFSET = 5;
    private static final int KAFKA_OFFSET = 6;

    private final Path folder;
    private final Ports ports;
    private final Secrets secrets;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private EmbeddedStack(DataDirectory directory, int firstPort, List<String> postgresSettings) throws IOException {
        running.push(directory);
        this.folder = directory.path();
        this.ports = portsFrom(firstPort);
        List<String> logins = new ArrayList<>(Databases.logins());
        logins.addAll(Operator.logins());
        this.secrets = Secrets.open(directory, logins);
        this.postgres = new PostgresServer(
                folder,
                ports.postgres(),
                secrets.of(PostgresServer.SUPERUSER),
                PostgresAccount.suitable(),
                postgresSettings);
        this.kafka = new KafkaServer(folder, ports.kafka());
    }

    /**
     * Starts PostgreSQL and Kafka, migrates the databases and creates the topics.
     *
     * @param folder a new or an empty folder, or one that an earlier stack has used
     * @param firstPort seven ports from here: HTTP of the orchestrator and the four services, PostgreSQL, Kafka
     * @param postgresSettings more settings of the server, {@code name=value} without spaces; durability cannot be set
     * @throws RuntimeException with a sentence that tells the remedy when something is in the way
     */
    public static EmbeddedStack start(Path folder, int firstPort, List<String> postgresSettings) throws Exception {
        EmbeddedStack stack = startPostgres(folder, firstPort, postgresSettings);
        try {
            stack.startServers();
            return stack;
        } catch (Exception e) {
            stack.close();
            throw e;
        }
    }

    /**
     * Starts the same PostgreSQL and nothing else, without any of the databases: for what brings its own and needs no broker.
     *
     * @param folder as for {@link #start}
     * @param firstPort as for {@link #start}
     * @param postgresSettings as for {@link #start}
     * @throws RuntimeException with a sentence that tells the remedy when something is in the way
     */
    public static EmbeddedStack startPostgres(Path folder, int firstPort, List<String> postgresSettings)
            throws IOException {
        DataDirectory directory = DataDirectory.open(folder);
        Logging.into(directory.path().resolve("log"), Map.of());
        EmbeddedStack stack = new EmbeddedStack(directory, firstPort, postgresSettings);
        try {
            stack.ports.requireFree();
            stack.running.push(stack.postgres);
            stack.postgres.start();
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    static Ports portsFrom(int first) {
        return new Ports(first, first + POSTGRES_OFFSET, first + KAFKA_OFFSET);
    }

    private void startServers() throws Exception {
        Databases.prepare(postgres, secrets);
        running.push(kafka);
        kafka.start();
        Topics.create(kafka.bootstrap(), PARTICIPANTS);
    }

    /**
     * Starts the five services, side by side.
     *
     * @param springProperties for all five
     * @param ofOrderService prepares order-service's context before it is refreshed
     * @return order-service's context
     * @throws IllegalStateException when one of them does not start
     */
    public ConfigurableApplicationContext startServices(
            Map<String, String> springProperties,
            ApplicationContextInitializer<ConfigurableApplicationContext> ofOrderService)
            throws InterruptedException {
        Options options = new Options(Options.Mode.SERVE, folder, ports, false, false, springProperties);
        Services services = new Services(new ServiceSettings(options, Map.of(), secrets, postgres, kafka));
        running.push(services);
        SpringApplicationBuilder orderService =
                ServiceProcess.ORDER.application().initializers(ofOrderService);
        List<Callable<ConfigurableApplicationContext>> starts = new ArrayList<>();
        starts.add(() -> services.start(orderService, ServiceProcess.ORDER));
        for (ServiceProcess process : ServiceProcess.values()) {
            if (process != ServiceProcess.ORDER) {
                starts.add(() -> services.start(process.application(), process));
            }
        }
        try {
            return Lanes.run(starts).get(0);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a service does not start", e);
        }
    }

    /** The JDBC address of one of PostgreSQL's databases. */
    public String jdbcUrl(String database) {
        return postgres.jdbcUrl(database);
    }

    /** The login that owns PostgreSQL's cluster. */
    public String superuser() {
        return PostgresServer.SUPERUSER;
    }

    /** The password of one of PostgreSQL's logins. */
    public String password(String login) {
        return secrets.of(login);
    }

    /** Where Kafka's clients connect. */
    public String kafkaBootstrap() {
        return kafka.bootstrap();
    }

    /** Where order-service takes requests once it runs, without a path. */
    public String orderServiceUrl() {
        return ServiceProcess.ORDER.url(ports.httpBase());
    }

    /** PostgreSQL's data folder. */
    public Path postgresData() {
        return folder.resolve("postgres");
    }

    /** Stops everything, the youngest first. What is in the folder stays there. */
    @Override
    public void close() {
        for (AutoCloseable youngest = running.poll(); youngest != null; youngest = running.poll()) {
            try {
                youngest.close();
            } catch (Exception e) {
                Logging.error("Not stopped cleanly", e);
            }
        }
    }
}
