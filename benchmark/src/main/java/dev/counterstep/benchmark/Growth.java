package dev.counterstep.benchmark;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadReport;
import dev.counterstep.migrations.ServiceDatabase;

/**
 * Whether the product stays as fast as it was while finished sagas pile up, and while a transaction stays open for long, which
 * keeps vacuum from cleaning queues. One system for each size runs beside the others, and they are measured in turn, so that what
 * else the machine does meets them all.
 */
final class Growth {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);
    private static final int SOAK_WINDOWS = 12;
    private static final int SOAK_EDGE = SOAK_WINDOWS / 6;
    private static final double HALF = 0.5;
    private static final String OUTBOX = "SELECT 'outbox', pg_total_relation_size('outbox')";

    private final Options options;
    private final Progress progress;
    private final List<Map<String, Object>> stages = new ArrayList<>();
    private final Map<String, Object> result = new LinkedHashMap<>();

    /** A system that has so many finished sagas stored. */
    private record Grown(long size, SystemUnderTest system, Driver driver, Postgres postgres) {}

    Growth(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * {@code growthRatios}: of each size, the median over the rounds of its throughput by that of the first size; {@code soakRatio}:
     * the throughput of the soak's last sixth by that of its first; {@code soakRatioByYardstick}: the same of sagas for each turn of
     * the {@link Yardstick}, which leaves out how fast the machine was; {@code stages}: all that was measured, in order.
     */
    Map<String, Object> run() throws IOException, InterruptedException, SQLException {
        List<Grown> all = new ArrayList<>();
        try {
            for (long size : options.sizes()) {
                all.add(start(size));
            }
            for (Grown grown : all) {
                fill(grown);
            }
            rounds(all);
            if (!options.soak().isZero()) {
                close(all.subList(1, all.size())); // the soak needs their room
                soak(all.get(0));
            }
        } finally {
            close(all);
        }
        result.put("stages", stages);
        return result;
    }

    private static void close(List<Grown> some) {
        some.forEach(grown -> {
            grown.driver().close();
            grown.system().close();
        });
        some.clear();
    }

    private Grown start(long size) throws IOException, InterruptedException {
        progress.begin("%,d sagas".formatted(size));
        progress.stage("starting");
        SystemUnderTest system =
                SystemUnderTest.start(SystemKind.PRODUCT, options.folder(), options.heap(), options.springProperties());
        return new Grown(size, system, new InsideDriver(system), new Postgres(system.ready()));
    }

    private void fill(Grown grown) throws InterruptedException, SQLException {
        progress.begin("%,d sagas".formatted(grown.size()));
        load(grown, options.closedLoop(SystemKind.PRODUCT), "warming up", options.warmup());
        settle(grown);
        FinishedSagas finished = new FinishedSagas(grown.postgres());
        finished.begin();
        finished.fill(grown.size(), progress);
        load(grown, options.closedLoop(SystemKind.PRODUCT), "warming up", options.warmup());
    }

    /** An order ends before its saga does, and the copy of a saga that has not ended would be carried on. */
    private void settle(Grown grown) throws InterruptedException, SQLException {
        progress.stage("waiting for all sagas to end");
        List<String> violations =
                Audit.settled(SystemKind.PRODUCT, grown.postgres(), 0).violations();
        if (!violations.isEmpty()) {
            throw new IllegalStateException("%,d sagas: %s".formatted(grown.size(), violations));
        }
    }

    private void rounds(List<Grown> all) throws InterruptedException, SQLException {
        Map<Long, List<Double>> ratios = new LinkedHashMap<>();
        for (int number = 1; number <= options.runs(); number++) {
            Map<Long, Double> perSecond = new HashMap<>();
            for (Grown grown : BenchmarkApplication.turns(all, number)) {
                progress.begin("%,d sagas %d/%d".formatted(grown.size(), number, options.runs()));
                perSecond.put(grown.size(), measure(grown));
            }
            double first = Objects.requireNonNull(perSecond.get(all.get(0).size()));
            perSecond.forEach((size, each) ->
                    ratios.computeIfAbsent(size, any -> new ArrayList<>()).add(each / first));
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        all.forEach(grown ->
                medians.put(String.valueOf(grown.size()), Report.median(ratios.getOrDefault(grown.size(), List.of()))));
        result.put("growthRatios", medians);
        progress.say("throughput by that at the first size: " + medians);
    }

    /** In a closed loop, then at half of what that reached. */
    private double measure(Grown grown) throws InterruptedException, SQLException {
        Load closed = options.closedLoop(SystemKind.PRODUCT);
        LoadReport most = load(grown, closed, "throughput", options.duration());
        LoadReport half =
                load(grown, closed.atRate(Math.max(1, most.perSecond() * HALF)), "at half of it", options.duration());
        Map<String, Object> stage = stage("growth", grown, most);
        stage.put("storedSagas", grown.size());
        stage.put("atHalfRateP50Ms", half.p50Ms());
        stage.put("atHalfRateP99Ms", half.p99Ms());
        show(stage);
        return most.perSecond();
    }

    private LoadReport load(Grown grown, Load load, String what, Duration length) throws InterruptedException {
        grown.driver().start(load);
        progress.pause("settling", Contender.SETTLE);
        grown.driver().window();
        progress.pause(what, length);
        LoadReport report = grown.driver().window();
        drain(grown.driver());
        return report;
    }

    /** In windows of equal length; in the middle third a transaction is open in every database. */
    private void soak(Grown grown) throws InterruptedException, SQLException {
        Duration window = options.soak().dividedBy(SOAK_WINDOWS);
        List<Connection> open = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        List<Double> perWork = new ArrayList<>();
        progress.begin("soak");
        grown.driver().start(options.closedLoop(SystemKind.PRODUCT));
        try (Yardstick yardstick = new Yardstick()) {
            progress.pause("settling", Contender.SETTLE);
            for (int number = 1; number <= SOAK_WINDOWS; number++) {
                if (number == SOAK_WINDOWS / 3 + 1) {
                    openTransactions(grown.postgres(), open);
                } else if (number == 2 * SOAK_WINDOWS / 3 + 1) {
                    closeAll(open);
                }
                yardstick.window();
                grown.driver().window();
                progress.pause("window %d/%d".formatted(number, SOAK_WINDOWS), window);
                LoadReport report = grown.driver().window();
                double yardstickMs = yardstick.window();
                perSecond.add(report.perSecond());
                perWork.add(report.perSecond() * yardstickMs);
                Map<String, Object> stage = stage("soak", grown, report);
                stage.put("yardstickMs", yardstickMs);
                stage.put("window", number);
                stage.put("longTransactionOpen", !open.isEmpty());
                show(stage);
            }
        } finally {
            closeAll(open);
        }
        drain(grown.driver());
        double ratio = lastByFirst(perSecond);
        double byMachine = lastByFirst(perWork);
        result.put("soakRatio", ratio);
        result.put("soakRatioByYardstick", byMachine);
        progress.say(String.format(
                Locale.ROOT,
                "the soak's last sixth by its first: %.2f, %.2f for each turn of the yardstick",
                ratio,
                byMachine));
    }

    private static double lastByFirst(List<Double> windows) {
        return mean(windows.subList(SOAK_WINDOWS - SOAK_EDGE, SOAK_WINDOWS)) / mean(windows.subList(0, SOAK_EDGE));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
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

    private Map<String, Object> stage(String name, Grown grown, LoadReport load)
            throws InterruptedException, SQLException {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("stage", name);
        stage.put("sagasPerSecond", load.perSecond());
        stage.put("p50Ms", load.p50Ms());
        stage.put("p99Ms", load.p99Ms());
        stage.put("heapMb", grown.system().ask(Request.of(Request.Verb.HEAP), Double.class, AT_ONCE));
        long outbox = 0;
        for (ServiceDatabase database : ServiceDatabase.values()) {
            outbox += grown.postgres().numbers(database.databaseName(), OUTBOX).getOrDefault("outbox", 0L);
        }
        stage.put("outboxBytes", outbox);
        stage.put(
                "tableBytes",
                grown.postgres().sizes().values().stream()
                        .mapToLong(bytes -> bytes)
                        .sum());
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
