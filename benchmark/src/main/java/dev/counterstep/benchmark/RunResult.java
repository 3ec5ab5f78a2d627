package dev.counterstep.benchmark;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.counterstep.benchmark.load.LoadReport;

/**
 * What one run of one system showed. Per-saga figures are of what ended while it was measured.
 *
 * @param system product, floor, or a peer
 * @param sagas how many ended while it was measured
 * @param cpuSeconds by process
 * @param coreMsPerSaga processor time of all of them together, for each saga
 * @param heapMb in use after a collection
 * @param compileSeconds the JVM's compilers have been at work while it was measured: near zero when it was warm
 * @param statementsPerSaga over all databases; BEGIN and COMMIT are not counted
 * @param commitsPerSaga over all databases, transactions that only read included
 * @param commitsByDatabase for each saga
 * @param bytesPerSaga of write-ahead log
 * @param tableBytesPerSaga that tables and indexes have grown
 * @param audit whether everything adds up
 */
record RunResult(
        String system,
        long sagas,
        double seconds,
        double sagasPerSecond,
        double p50Ms,
        double p90Ms,
        double p99Ms,
        double maxMs,
        Map<String, Double> cpuSeconds,
        double coreMsPerSaga,
        double heapMb,
        double compileSeconds,
        double statementsPerSaga,
        double commitsPerSaga,
        Map<String, Double> commitsByDatabase,
        double bytesPerSaga,
        double tableBytesPerSaga,
        Audit audit) {

    /** What the measured JVM says of itself. */
    record Jvm(double heapMb, double compileSeconds) {}

    private static final double MILLIS = 1000;

    static RunResult of(SystemKind system, LoadReport load, Meters used, Jvm jvm, Audit audit) {
        double sagas = Math.max(1, load.ended());
        Map<String, Double> commits = new LinkedHashMap<>(used.commits());
        commits.replaceAll((database, count) -> count / sagas);
        return new RunResult(
                system.title(),
                load.ended(),
                load.seconds(),
                load.perSecond(),
                load.p50Ms(),
                load.p90Ms(),
                load.p99Ms(),
                load.maxMs(),
                used.cpuSeconds(),
                Meters.sum(used.cpuSeconds()) * MILLIS / sagas,
                jvm.heapMb(),
                jvm.compileSeconds(),
                Meters.sum(used.statements()) / sagas,
                Meters.sum(used.commits()) / sagas,
                commits,
                used.walBytes() / sagas,
                used.tableBytes() / sagas,
                audit);
    }

    /** The gist of it. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%s: %.1f sagas/s, p50 %.1f ms, p99 %.1f ms, %.2f core-ms a saga, compilers at work %.1f s",
                system,
                sagasPerSecond,
                p50Ms,
                p99Ms,
                coreMsPerSaga,
                compileSeconds);
    }
}
