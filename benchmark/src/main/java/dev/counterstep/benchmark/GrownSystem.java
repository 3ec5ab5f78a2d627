package dev.counterstep.benchmark;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadReport;
import dev.counterstep.migrations.ServiceDatabase;

/** The product, with so many finished sagas stored, loaded from within. For one thread. */
final class GrownSystem implements AutoCloseable {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);
    private static final String OUTBOX = "SELECT 'outbox', pg_total_relation_size('outbox')";

    private final Options options;
    private final Progress progress;
    private final String name;
    private final long size;
    private final SystemUnderTest system;
    private final Driver driver;
    private final Postgres postgres;
    private final Load closedLoop;

    private GrownSystem(Options options, Progress progress, String name, long size, SystemUnderTest system) {
        this.options = options;
        this.progress = progress;
        this.name = name;
        this.size = size;
        this.system = system;
        this.driver = new InsideDriver(system);
        this.postgres = new Postgres(system.ready());
        this.closedLoop = options.closedLoop(SystemKind.PRODUCT);
    }

    /**
     * Starts it on an empty folder.
     *
     * @param size how many finished sagas it is going to hold
     * @throws IllegalStateException when it does not start or gives no answer
     */
    static GrownSystem start(String name, long size, Options options, Progress progress)
            throws IOException, InterruptedException {
        progress.begin(name);
        progress.stage("starting");
        return new GrownSystem(
                options,
                progress,
                name,
                size,
                SystemUnderTest.start(
                        SystemKind.PRODUCT, options.folder(), options.heap(), options.springProperties()));
    }

    /** Warms it up and fills it with copies of what that left. */
    void fill() throws InterruptedException, SQLException {
        progress.begin(name);
        load(closedLoop, "warming up", options.warmup());
        settle();
        FinishedSagas finished = new FinishedSagas(postgres);
        finished.begin();
        finished.fill(size, progress);
        begin(closedLoop);
        progress.pause("warming up", options.warmup());
        new Compilers(system, progress).awaitRest(options.maxWarmup().minus(options.warmup()));
        drain();
    }

    /** An order ends before its saga does, and the copy of a saga that has not ended would be carried on. */
    private void settle() throws InterruptedException, SQLException {
        progress.stage("waiting for all sagas to end");
        List<String> violations = Audit.settled(SystemKind.PRODUCT, postgres, 0).violations();
        if (!violations.isEmpty()) {
            throw new IllegalStateException("%s: %s".formatted(name, violations));
        }
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    Postgres postgres() {
        return postgres;
    }

    Load closedLoop() {
        return closedLoop;
    }

    /** Loads it, measures it once it runs evenly, and lets every order end. */
    LoadReport load(Load load, String what, Duration length) throws InterruptedException {
        begin(load);
        LoadReport report = window(what, length);
        drain();
        return report;
    }

    /** Loads it until it runs evenly. */
    void begin(Load load) throws InterruptedException {
        driver.start(load);
        progress.pause("settling", Contender.SETTLE);
    }

    /** Measures it while it is loaded. */
    LoadReport window(String what, Duration length) throws InterruptedException {
        driver.window();
        progress.pause(what, length);
        return driver.window();
    }

    /** Loads it no longer, and lets every order end. */
    void drain() throws InterruptedException {
        driver.requireDrained();
    }

    /** What was measured, and what it takes now. */
    Map<String, Object> stage(String stageName, LoadReport load) throws InterruptedException, SQLException {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("stage", stageName);
        stage.put("sagasPerSecond", load.perSecond());
        stage.put("p50Ms", load.p50Ms());
        stage.put("p99Ms", load.p99Ms());
        stage.put("heapMb", system.ask(Request.of(Request.Verb.HEAP), Double.class, AT_ONCE));
        long outbox = 0;
        for (ServiceDatabase database : ServiceDatabase.values()) {
            outbox += postgres.numbers(database.databaseName(), OUTBOX).getOrDefault("outbox", 0L);
        }
        stage.put("outboxBytes", outbox);
        stage.put(
                "tableBytes",
                postgres.sizes().values().stream().mapToLong(bytes -> bytes).sum());
        return stage;
    }

    /** Prints what was measured. */
    void show(Map<String, Object> stage) {
        StringBuilder line = new StringBuilder();
        stage.forEach((key, value) -> line.append(key)
                .append('=')
                .append(value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : value)
                .append("  "));
        progress.say(line.toString());
    }

    @Override
    public void close() {
        driver.close();
        system.close();
    }
}
