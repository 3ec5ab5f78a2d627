package dev.counterstep.quickstart;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, Kafka and the five services in this JVM, started in that order and stopped in the opposite one.
 *
 * <p>{@link #close()} may be called by another thread at any time, also while {@link #start()} still runs: what is there is
 * stopped, and nothing more is started.
 */
final class Quickstart implements AutoCloseable {

    private static final String DEFAULT_PARTICIPANTS = "order,inventory,payment,delivery";

    private final Options options;
    private final Terminal terminal;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private @Nullable KafkaServer kafka;
    private boolean closing;

    Quickstart(Options options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    /**
     * Starts everything and, when all of it takes requests, writes {@code connection.properties}.
     *
     * @return how to reach it
     * @throws StartException when the user can do something about it
     * @throws CancellationException when it was closed meanwhile
     */
    Access start() throws Exception {
        try {
            return startAll();
        } catch (Exception e) {
            if (isClosing()) {
                throw new CancellationException(); // whatever failed, failed because its ground was taken away
            }
            throw e;
        }
    }

    private Access startAll() throws Exception {
        DataDirectory directory = keep(DataDirectory.open(options.dataDir()));
        Logging.into(directory.path().resolve("log"), options.springProperties());
        clear(directory);
        Ports ports = options.ports();
        ports.requireFree();

        Secrets secrets = Secrets.open(directory, logins());
        PostgresServer postgres =
                keep(new PostgresServer(directory.path(), ports.postgres(), secrets.of(PostgresServer.SUPERUSER)));
        KafkaServer broker = keep(new KafkaServer(directory.path(), ports.kafka()));
        kafka = broker;
        startServers(postgres, broker, secrets);
        startServices(new ServiceSettings(options, ServiceSettings.AT_REST, secrets, postgres, broker));

        Access access = new Access(ports, secrets, postgres, broker);
        access.write(directory);
        keep(() -> Access.remove(directory));
        return access;
    }

    /** For tests that take Kafka away while everything else runs. */
    KafkaServer kafka() {
        if (kafka == null) {
            throw new IllegalStateException("not started");
        }
        return kafka;
    }

    /** Places a trickle of orders from now on. */
    void startDemo(Api api) {
        DemoTrickle demo = keep(new DemoTrickle(api));
        demo.start();
    }

    /** Stops what runs, the youngest first. */
    @Override
    public void close() {
        synchronized (running) {
            closing = true;
        }
        for (AutoCloseable youngest = pop(); youngest != null; youngest = pop()) {
            close(youngest);
        }
    }

    /** Puts away what an earlier start left that would be in the way of this one. */
    private void clear(DataDirectory directory) throws IOException {
        Access.remove(directory);
        PostgresServer.stopLeftover(directory.path());
        if (options.reset()) {
            directory.reset();
        }
    }

    /** The two need nothing of each other, and together they keep both cores busy. */
    private void startServers(PostgresServer postgres, KafkaServer broker, Secrets secrets) throws Exception {
        CompletableFuture<Void> kafkaStarts = CompletableFuture.runAsync(() -> startKafka(broker));
        terminal.stage("PostgreSQL on port " + options.ports().postgres(), postgres::start);
        terminal.stage("Databases, logins and migrations", () -> Databases.prepare(postgres, secrets));
        try {
            kafkaStarts.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void startKafka(KafkaServer broker) {
        try {
            terminal.stage("Kafka on port " + options.ports().kafka(), () -> {
                broker.start();
                Topics.create(broker.bootstrap(), participants());
            });
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** A Spring context starts on one thread, so several start side by side. */
    private void startServices(ServiceSettings settings) throws Exception {
        Services services = keep(new Services(settings));
        List<Callable<Void>> starts = new ArrayList<>();
        for (ServiceProcess process : ServiceProcess.values()) {
            starts.add(() -> start(services, process));
        }
        Lanes.run(starts);
    }

    private @Nullable Void start(Services services, ServiceProcess process) throws Exception {
        String title =
                process.title() + " on port " + process.port(options.ports().httpBase());
        terminal.stage(title, () -> services.start(process));
        return null;
    }

    private List<String> participants() {
        String names = options.springProperties().getOrDefault("counterstep.participants", DEFAULT_PARTICIPANTS);
        return List.of(names.strip().split("\\s*,\\s*"));
    }

    private static List<String> logins() {
        List<String> logins = new ArrayList<>(Databases.logins());
        logins.addAll(Operator.logins());
        return logins;
    }

    /** Remembers what is to be stopped. */
    private <T extends AutoCloseable> T keep(T resource) {
        synchronized (running) {
            if (!closing) {
                running.push(resource);
                return resource;
            }
        }
        close(resource);
        throw new CancellationException();
    }

    private boolean isClosing() {
        synchronized (running) {
            return closing;
        }
    }

    private @Nullable AutoCloseable pop() {
        synchronized (running) {
            return running.poll();
        }
    }

    private void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            terminal.complain("Not stopped cleanly: " + e);
        }
    }
}
