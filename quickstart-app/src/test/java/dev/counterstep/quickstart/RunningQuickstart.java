package dev.counterstep.quickstart;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real quickstart in a JVM of its own, on free ports, without its trickle of orders. */
final class RunningQuickstart implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Path dataDir;
    private final Ports ports;
    private final ChildJvm jvm;

    private RunningQuickstart(Path dataDir, Ports ports, ChildJvm jvm) {
        this.dataDir = dataDir;
        this.ports = ports;
        this.jvm = jvm;
    }

    /** Starts it and waits until it is ready. */
    static RunningQuickstart on(Path dataDir) throws InterruptedException {
        return start(dataDir, FreePorts.all());
    }

    /** Starts it again where it was, after it was killed or stopped. */
    RunningQuickstart again() throws InterruptedException {
        return start(dataDir, ports);
    }

    private static RunningQuickstart start(Path dataDir, Ports ports) throws InterruptedException {
        ChildJvm jvm = ChildJvm.start(QuickstartApplication.class, arguments(dataDir, ports, "--demo=off"));
        jvm.awaitLine("Counterstep is ready", START_LIMIT);
        return new RunningQuickstart(dataDir, ports, jvm);
    }

    static List<String> arguments(Path dataDir, Ports ports, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--data-dir=" + dataDir,
                "--http-port-base=" + ports.httpBase(),
                "--postgres-port=" + ports.postgres(),
                "--kafka-port=" + ports.kafka()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** A client of its public HTTP. */
    Client client() {
        return Client.of(dataDir);
    }

    /** {@code kill -9} of the JVM; PostgreSQL's processes are left behind, as they would be. */
    void kill() throws InterruptedException {
        jvm.kill();
    }

    /** {@code kill -9} of PostgreSQL's processes, and only of them. */
    void killPostgres() {
        ProcessHandle server = ProcessHandle.of(
                        Postmaster.of(dataDir.resolve("postgres")).orElseThrow().pid())
                .orElseThrow();
        List<ProcessHandle> backends = server.children().toList();
        server.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
    }

    /** As Ctrl-C does, which must not take longer than 10 s. */
    void stop() throws InterruptedException {
        jvm.terminate();
        jvm.awaitExit(STOP_LIMIT);
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            jvm.close();
            PostgresServer.stopLeftover(dataDir);
        }
    }
}
