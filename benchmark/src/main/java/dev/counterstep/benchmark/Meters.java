package dev.counterstep.benchmark;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a measured system has used until now.
 *
 * @param cpuSeconds by process: jvm (services, broker and, for {@code entry=event}, the load generator), postgresql,
 *     loadGenerator
 * @param commits by database
 * @param statements by database
 * @param walBytes written ahead
 * @param tableBytes stored
 */
record Meters(
        Map<String, Double> cpuSeconds,
        Map<String, Double> commits,
        Map<String, Double> statements,
        long walBytes,
        long tableBytes) {

    static Meters read(Ready ready, Postgres postgres) throws SQLException {
        Map<String, Double> cpu = new LinkedHashMap<>();
        ProcessTimes.ofProcess(ready.jvm()).ifPresent(seconds -> cpu.put("jvm", seconds));
        ProcessTimes.ofFamily(ready.postmaster()).ifPresent(seconds -> cpu.put("postgresql", seconds));
        ProcessTimes.ofProcess(ProcessHandle.current().pid()).ifPresent(seconds -> cpu.put("loadGenerator", seconds));
        return new Meters(
                cpu,
                minus(postgres.commits(), Map.of()),
                minus(postgres.statements(), Map.of()),
                postgres.walBytes(),
                postgres.sizes().values().stream().mapToLong(bytes -> bytes).sum());
    }

    /** What was used between an earlier reading and this one. */
    Meters since(Meters earlier) {
        return new Meters(
                minus(cpuSeconds, earlier.cpuSeconds),
                minus(commits, earlier.commits),
                minus(statements, earlier.statements),
                walBytes - earlier.walBytes,
                tableBytes - earlier.tableBytes);
    }

    private static <N extends Number> Map<String, Double> minus(Map<String, N> now, Map<String, N> earlier) {
        Map<String, Double> difference = new LinkedHashMap<>();
        now.forEach((name, value) -> {
            N before = earlier.get(name);
            difference.put(name, value.doubleValue() - (before == null ? 0 : before.doubleValue()));
        });
        return difference;
    }

    /** All values together. */
    static double sum(Map<String, Double> values) {
        return values.values().stream().mapToDouble(value -> value).sum();
    }
}
