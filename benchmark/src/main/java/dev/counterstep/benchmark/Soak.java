package dev.counterstep.benchmark;

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
 * Whether the product is as fast after half an hour at saturation as at its beginning, though a transaction stays open in every
 * database for the middle third, which keeps vacuum from cleaning queues. How fast the machine is changes by more than what is looked
 * for here. So in the first sixth and the last the soaked system takes {@code --runs} turns with a young one that rests meanwhile; in between
 * it is loaded without a break.
 */
final class Soak {

    /** Windows in the two thirds between. */
    static final int WINDOWS = 8;

    private static final int SIXTH = 6;
    private static final int FIRST_OPEN = WINDOWS / 4 + 1;
    private static final int LAST_OPEN = 3 * WINDOWS / 4;

    private final Options options;
    private final Progress progress;
    private final GrownSystem soaked;
    private final GrownSystem young;
    private final List<Map<String, Object>> stages;

    /** @param stages to which each window is added */
    Soak(Options options, Progress progress, GrownSystem soaked, GrownSystem young, List<Map<String, Object>> stages) {
        this.options = options;
        this.progress = progress;
        this.soaked = soaked;
        this.young = young;
        this.stages = stages;
    }

    /**
     * Throughputs in the first sixth or the last.
     *
     * @param soaked sagas a second of the system under soak, in each turn
     * @param ratios the same by what the young one reached next
     */
    private record Edge(List<Double> soaked, List<Double> ratios) {}

    /**
     * {@code soakRatio}: the throughput of the last sixth by that of the first; {@code soakRatioByYoung}: the same of the median ratios
     * to the young system, which leaves out how fast the machine was.
     */
    Map<String, Object> run() throws InterruptedException, SQLException {
        progress.begin("soak");
        Edge first = edge("first sixth");
        middle();
        Edge last = edge("last sixth");
        double ratio = mean(last.soaked()) / mean(first.soaked());
        double byYoung = Report.median(last.ratios()) / Report.median(first.ratios());
        progress.say(String.format(
                Locale.ROOT,
                "the soak's last sixth by its first: %.2f; %.2f beside a young system, which it was %.2f and %.2f times as fast as",
                ratio,
                byYoung,
                Report.median(first.ratios()),
                Report.median(last.ratios())));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("soakRatio", ratio);
        result.put("soakRatioByYoung", byYoung);
        return result;
    }

    private Edge edge(String name) throws InterruptedException, SQLException {
        Edge edge = new Edge(new ArrayList<>(), new ArrayList<>());
        int turns = options.runs();
        Duration window = options.soak().dividedBy(SIXTH * (long) turns);
        for (int number = 1; number <= turns; number++) {
            soaked.begin(soaked.closedLoop());
            LoadReport report = window("%s %d/%d".formatted(name, number, turns), window, false);
            soaked.drain();
            LoadReport beside = young.load(young.closedLoop(), "the young system", options.duration());
            stages.get(stages.size() - 1).put("youngSagasPerSecond", beside.perSecond());
            edge.soaked().add(report.perSecond());
            edge.ratios().add(report.perSecond() / beside.perSecond());
            progress.say(String.format(Locale.ROOT, "the young system: %.1f", beside.perSecond()));
        }
        return edge;
    }

    private void middle() throws InterruptedException, SQLException {
        Duration window = options.soak().multipliedBy(SIXTH - 2).dividedBy((long) SIXTH * WINDOWS);
        List<Connection> open = new ArrayList<>();
        soaked.begin(soaked.closedLoop());
        try {
            for (int number = 1; number <= WINDOWS; number++) {
                if (number == FIRST_OPEN) {
                    openTransactions(open);
                }
                window("window %d/%d".formatted(number, WINDOWS), window, !open.isEmpty());
                if (number == LAST_OPEN) {
                    closeAll(open);
                }
            }
        } finally {
            closeAll(open);
        }
        soaked.drain();
    }

    private LoadReport window(String name, Duration length, boolean transactionOpen)
            throws InterruptedException, SQLException {
        LoadReport report = soaked.window(name, length);
        Map<String, Object> stage = soaked.stage("soak", report);
        stage.put("window", name);
        stage.put("longTransactionOpen", transactionOpen);
        soaked.show(stage);
        stages.add(stage);
        return report;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    private void openTransactions(List<Connection> open) throws SQLException {
        for (ServiceDatabase database : ServiceDatabase.values()) {
            Connection connection = soaked.postgres().connect(database);
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
}
