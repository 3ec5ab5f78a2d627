package dev.counterstep.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.benchmark.floor.FloorSystem;
import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadGenerator;
import dev.counterstep.benchmark.load.NewOrders;
import dev.counterstep.benchmark.load.OrderSystem;
import dev.counterstep.benchmark.product.ProductSystem;
import dev.counterstep.quickstart.EmbeddedStack;

/**
 * The JVM of a measured system: PostgreSQL and Kafka on a folder of their own, the system, and a load generator beside it. Does
 * what {@link Request}s on its standard input ask, and ends with it.
 */
public final class SystemProcess implements AutoCloseable {

    /**
     * Memory, as for a server that is loaded. Counts statements, which costs the same in every measured system. BEGIN and COMMIT are
     * not counted.
     */
    public static final List<String> POSTGRES_SETTINGS = List.of(
            "shared_buffers=1GB",
            "shared_preload_libraries=pg_stat_statements",
            "pg_stat_statements.track_utility=off",
            "pg_stat_statements.track_planning=on",
            "pg_stat_statements.save=off");

    /** The one database of a peer: its own tables and those of its participants. */
    public static final String PEERS_DATABASE = "peers";

    /** What the lines start with that are answers; whatever else is printed is for people. */
    static final String ANSWER = "@";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(2);
    /** About what a run is measured: its warm-up is of no interest. */
    private static final Duration RECORDED = Duration.ofSeconds(20);

    private static final long MB = 1 << 20;

    private final EmbeddedStack stack;
    private final OrderSystem system;
    private final LoadGenerator generator;
    private @Nullable Recording recording;

    private SystemProcess(EmbeddedStack stack, OrderSystem system, LoadGenerator generator) {
        this.stack = stack;
        this.system = system;
        this.generator = generator;
    }

    /** Starts a system on servers that run. */
    @FunctionalInterface
    public interface Starter {

        /**
         * Starts it.
         *
         * @param ended to be told of each order whose end is committed
         */
        OrderSystem start(EmbeddedStack stack, Consumer<UUID> ended) throws Exception;
    }

    /**
     * Runs the product or the floor until standard input ends.
     *
     * @param args the system, the folder, the first port, then Spring properties, {@code name=value}
     */
    public static void main(String[] args) throws Exception {
        SystemKind kind = SystemKind.valueOf(args[0]);
        Path folder = Path.of(args[1]);
        EmbeddedStack servers =
                EmbeddedStack.start(folder.resolve("data"), Integer.parseInt(args[2]), POSTGRES_SETTINGS);
        serve(servers, (stack, ended) -> {
            fillStock(stack);
            return kind == SystemKind.FLOOR
                    ? FloorSystem.start(stack, ended)
                    : ProductSystem.start(stack, folder.resolve("definitions"), properties(args, 3), ended);
        });
    }

    /** Runs a system until standard input ends, then stops it, its servers and this JVM. */
    public static void serve(EmbeddedStack stack, Starter starter) throws Exception {
        PrintStream answers = System.out;
        SystemProcess process = start(stack, starter);
        Thread stop = new Thread(process::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        answers.println(ANSWER + JSON.writeValueAsString(process.ready()));
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                Object answer = process.handle(JSON.readValue(line, Request.class));
                answers.println(ANSWER + JSON.writeValueAsString(answer));
            }
        }
        System.exit(0); // the shutdown hook does the rest
    }

    private static SystemProcess start(EmbeddedStack stack, Starter starter) throws Exception {
        try {
            LoadGenerator generator = new LoadGenerator();
            return new SystemProcess(stack, starter.start(stack, generator::ended), generator);
        } catch (Exception | Error e) {
            stack.close();
            throw e;
        }
    }

    private static void fillStock(EmbeddedStack stack) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        stack.jdbcUrl("inventory"), stack.superuser(), stack.password(stack.superuser()));
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO product (id, available)
                        SELECT 'bench-' || number, ? FROM generate_series(0, ? - 1) AS number""")) {
            insert.setInt(1, NewOrders.STOCK);
            insert.setInt(2, NewOrders.PRODUCTS);
            insert.executeUpdate();
        }
    }

    private static Map<String, String> properties(String[] args, int from) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String argument : List.of(args).subList(from, args.length)) {
            String[] property = argument.split("=", 2);
            properties.put(property[0], property[1]);
        }
        return properties;
    }

    private Ready ready() throws IOException {
        String postmaster = Files.readAllLines(stack.postgresData().resolve("postmaster.pid"))
                .get(0);
        return new Ready(
                ProcessHandle.current().pid(),
                Long.parseLong(postmaster.strip()),
                stack.jdbcUrl(""),
                stack.superuser(),
                stack.password(stack.superuser()),
                stack.kafkaBootstrap(),
                stack.orderServiceUrl());
    }

    private Object handle(Request request) throws Exception {
        return switch (request.verb()) {
            case LOAD -> load(Objects.requireNonNull(request.load()));
            case WINDOW -> generator.closeWindow();
            case DRAIN -> generator.drain(DRAIN_LIMIT);
            case COMPILED -> ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
            case HEAP -> heapMb();
            case START_PROFILING -> startProfiling();
            case SAVE_PROFILE -> saveProfile(Path.of(Objects.requireNonNull(request.file())));
        };
    }

    private boolean load(Load load) {
        generator.start(load, system, new NewOrders(load.declineRate()));
        return true;
    }

    private static double heapMb() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / (double) MB;
    }

    private boolean startProfiling() throws Exception {
        Recording started = new Recording(Configuration.getConfiguration("profile"));
        started.setMaxAge(RECORDED);
        recording = started;
        started.start();
        return true;
    }

    private boolean saveProfile(Path file) throws IOException {
        Objects.requireNonNull(recording).dump(file);
        return true;
    }

    @Override
    public void close() {
        generator.close();
        system.close();
        stack.close();
    }
}
