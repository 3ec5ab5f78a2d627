package dev.counterstep.benchmark;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.counterstep.benchmark.load.LoadReport;
import dev.counterstep.migrations.ServiceDatabase;

/**
 * Whether the product stays as fast as it was while finished sagas pile up, and while a transaction stays open for long, which
 * keeps vacuum from cleaning queues.
 */
final class Growth {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);
    private static final int SOAK_WINDOWS = 12;
    private static final double HALF = 0.5;
    private static final String OUTBOX = "SELECT 'outbox', pg_total_relation_size('outbox')";

    private final Options options;
    private final Progress progress;
    private final List<Map<String, Object>> stages = new ArrayList<>();

    Growth(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /** All that was measured, one object a stage, in order. */
    List<Map<String, Object>> run() throws IOException, InterruptedException, SQLException {
        progress.begin("growth");
        progress.stage("starting");
        try (SystemUnderTest system = SystemUnderTest.start(
                        SystemKind.PRODUCT, options.folder(), options.heap(), options.springProperties());
                Driver driver = new InsideDriver(system)) {
            Postgres postgres = new Postgres(system.ready());
            driver.start(options.closedLoop(SystemKind.PRODUCT));
            progress.pause("warming up", options.warmup());
            drain(driver);
            FinishedSagas finished = new FinishedSagas(postgres);
            finished.begin();
            for (long size : options.sizes()) {
                finished.fill(size, progress);
                measure(size, system, driver, postgres);
            }
            if (!options.soak().isZero()) {
                soak(system, driver, postgres);
            }
        }
        return stages;
    }

    private void measure(long size, SystemUnderTest system, Driver driver, Postgres postgres)
            throws InterruptedException, SQLException {
        driver.start(options.closedLoop(SystemKind.PRODUCT));
        progress.pause("warming up at %,d stored sagas".formatted(size), options.warmup());
        driver.window();
        progress.pause("throughput at %,d stored sagas".formatted(size), options.duration());
        LoadReport closed = driver.window();
        drain(driver);
        driver.start(options.closedLoop(SystemKind.PRODUCT).atRate(Math.max(1, closed.perSecond() * HALF)));
        progress.pause("latency at %,d stored sagas".formatted(size), options.duration());
        LoadReport open = driver.window();
        drain(driver);
        Map<String, Object> stage = stage("growth", system, postgres, closed);
        stage.put("storedSagas", size);
        stage.put("atHalfRateP50Ms", open.p50Ms());
        stage.put("atHalfRateP99Ms", open.p99Ms());
        show(stage);
    }

    /** In windows of equal length; in the middle third a transaction is open in every database. */
    private void soak(SystemUnderTest system, Driver driver, Postgres postgres)
            throws InterruptedException, SQLException {
        Duration window = options.soak().dividedBy(SOAK_WINDOWS);
        List<Connection> open = new ArrayList<>();
        driver.start(options.closedLoop(SystemKind.PRODUCT));
        try {
            for (int number = 1; number <= SOAK_WINDOWS; number++) {
                if (number == SOAK_WINDOWS / 3 + 1) {
                    openTransactions(postgres, open);
                } else if (number == 2 * SOAK_WINDOWS / 3 + 1) {
                    closeAll(open);
                }
                driver.window();
                progress.pause("soak %d/%d".formatted(number, SOAK_WINDOWS), window);
                Map<String, Object> stage = stage("soak", system, postgres, driver.window());
                stage.put("window", number);
                stage.put("longTransactionOpen", !open.isEmpty());
                show(stage);
            }
        } finally {
            closeAll(open);
        }
        drain(driver);
    }

    private static void openTransactions(Postgres postgres, List<Connection> open) throws SQLException {
        for (ServiceDatabase database : ServiceDatabase.values()) {
            Connection connection = postgres.connect(database);
            open.add(connection);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT count(*) FROM outbox");
            }
        }
    }

    private static void closeAll(List<Connection> open) throws SQLException {
        for (Connection connection : open) {
            connection.close();
        }
        open.clear();
    }

    private Map<String, Object> stage(String name, SystemUnderTest system, Postgres postgres, LoadReport load)
            throws InterruptedException, SQLException {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("stage", name);
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
        stages.add(stage);
        return stage;
    }

    private void show(Map<String, Object> stage) {
        StringBuilder line = new StringBuilder();
        stage.forEach((name, value) -> line.append(name)
                .append('=')
                .append(value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : value)
                .append("  "));
        progress.say(line.toString());
    }

    private static void drain(Driver driver) throws InterruptedException {
        if (!driver.drain()) {
            throw new IllegalStateException("some orders did not end within " + Driver.DRAIN_LIMIT.toSeconds() + " s");
        }
    }
}
