package dev.counterstep.benchmark.peers;

import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;

import dev.counterstep.benchmark.SystemProcess;
import dev.counterstep.benchmark.load.OrderSystem;
import dev.counterstep.quickstart.EmbeddedStack;

/** The JVM of one engine, as {@code counterstep-benchmark.jar peers} starts it. Not for people. */
public final class PeersApplication {

    private PeersApplication() {}

    /**
     * Runs an engine until standard input ends.
     *
     * @param args the engine, {@code DBOS} or {@code FLOWABLE}; the folder; the first port
     */
    public static void main(String[] args) throws Exception {
        EmbeddedStack servers = EmbeddedStack.startPostgres(
                Path.of(args[1]).resolve("data"), Integer.parseInt(args[2]), SystemProcess.POSTGRES_SETTINGS);
        SystemProcess.serve(servers, (stack, ended) -> start(args[0], new PeersDatabase(stack), ended));
    }

    private static OrderSystem start(String engine, PeersDatabase database, Consumer<UUID> ended) throws Exception {
        database.create();
        return switch (engine) {
            case "DBOS" -> DbosSystem.start(database, ended);
            case "FLOWABLE" -> FlowableSystem.start(database, ended);
            default -> throw new IllegalArgumentException("no engine is called " + engine);
        };
    }
}
