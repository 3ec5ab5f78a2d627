package dev.counterstep.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results of a command: medians over its runs, and of the ratios of its rounds. */
final class Report {

    private static final String HEAD = String.format(
            Locale.ROOT,
            "%-9s %4s %9s %9s %9s %9s %9s %9s %9s %9s %9s %7s %6s%n",
            "system",
            "run",
            "sagas/s",
            "p50 ms",
            "p90 ms",
            "p99 ms",
            "core-ms",
            "stmts",
            "commits",
            "WAL B",
            "table B",
            "heap MB",
            "JIT s");

    private final List<RunResult> runs;

    Report(List<RunResult> runs) {
        this.runs = List.copyOf(runs);
    }

    /** What does not add up in any run. */
    List<String> violations() {
        List<String> violations = new ArrayList<>();
        runs.forEach(
                run -> run.audit().violations().forEach(violation -> violations.add(run.system() + ": " + violation)));
        return violations;
    }

    /** For the terminal; all but the first three columns of numbers are per saga. */
    String table() {
        StringBuilder table = new StringBuilder(HEAD);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (RunResult run : runs) {
            int number = numbers.merge(run.system(), 1, Integer::sum);
            table.append(
                    row(run.system(), String.valueOf(number), value -> value.applyAsDouble(run), run.cpuSeconds()));
        }
        for (String system : numbers.keySet()) {
            table.append(row(system, "med", value -> median(system, value), Map.of()));
        }
        Map<String, Double> ratios = ratios();
        ratios.forEach((name, ratio) -> table.append(
                String.format(Locale.ROOT, "%-60s %6.3f%n", "product ÷ %s, %s".formatted(opponent(), name), ratio)));
        return table.toString();
    }

    /**
     * For programs.
     *
     * @param options as given
     */
    Map<String, Object> json(String command, Map<String, ?> options) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", command);
        json.put("options", options);
        String first = SystemKind.PRODUCT.title();
        json.putAll(medians(of(first).isEmpty() ? opponent() : first));
        if (!ratios().isEmpty()) {
            others().forEach(system -> json.put(system, medians(system)));
            json.put("opponent", opponent());
            json.put("ratios", ratios());
        }
        json.put(
                "machine",
                Map.of(
                        "cores", Runtime.getRuntime().availableProcessors(),
                        "java", System.getProperty("java.version"),
                        "os", System.getProperty("os.name") + " " + System.getProperty("os.arch")));
        json.put("runs", runs);
        return json;
    }

    private Map<String, Object> medians(String system) {
        Map<String, Object> medians = new LinkedHashMap<>();
        medians.put("sagasPerSecond", median(system, RunResult::sagasPerSecond));
        medians.put("p50Ms", median(system, RunResult::p50Ms));
        medians.put("p90Ms", median(system, RunResult::p90Ms));
        medians.put("p99Ms", median(system, RunResult::p99Ms));
        Map<String, Double> cpu = new LinkedHashMap<>();
        of(system)
                .forEach(run -> run.cpuSeconds()
                        .keySet()
                        .forEach(process -> cpu.put(
                                process, median(system, one -> one.cpuSeconds().getOrDefault(process, 0.0)))));
        medians.put("cpuSeconds", cpu);
        medians.put("coreMsPerSaga", median(system, RunResult::coreMsPerSaga));
        medians.put("heapMb", median(system, RunResult::heapMb));
        medians.put("statementsPerSaga", median(system, RunResult::statementsPerSaga));
        medians.put("commitsPerSaga", median(system, RunResult::commitsPerSaga));
        medians.put("bytesPerSaga", median(system, RunResult::bytesPerSaga));
        medians.put("tableBytesPerSaga", median(system, RunResult::tableBytesPerSaga));
        return medians;
    }

    private List<String> others() {
        return runs.stream()
                .map(RunResult::system)
                .distinct()
                .filter(system -> !system.equals(SystemKind.PRODUCT.title()))
                .toList();
    }

    /** Whom the product is compared with: the floor, or the fastest peer. Empty when it ran alone. */
    private String opponent() {
        return others().stream()
                .max(Comparator.comparingDouble(system -> median(system, RunResult::sagasPerSecond)))
                .orElse("");
    }

    /** Of each round's figures, product by opponent; the median over the rounds. Empty unless both ran. */
    private Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratio(ratios, "sagasPerSecond", RunResult::sagasPerSecond);
        ratio(ratios, "p50Ms", RunResult::p50Ms);
        ratio(ratios, "p99Ms", RunResult::p99Ms);
        ratio(ratios, "coreMsPerSaga", RunResult::coreMsPerSaga);
        return ratios;
    }

    private void ratio(Map<String, Double> ratios, String name, ToDoubleFunction<RunResult> figure) {
        List<RunResult> products = of(SystemKind.PRODUCT.title());
        List<RunResult> opponents = of(opponent());
        List<Double> ofPairs = new ArrayList<>();
        for (int pair = 0; pair < Math.min(products.size(), opponents.size()); pair++) {
            ofPairs.add(figure.applyAsDouble(products.get(pair)) / figure.applyAsDouble(opponents.get(pair)));
        }
        if (!ofPairs.isEmpty()) {
            ratios.put(name, median(ofPairs));
        }
    }

    private double median(String system, ToDoubleFunction<RunResult> figure) {
        return median(of(system).stream().map(figure::applyAsDouble).toList());
    }

    private List<RunResult> of(String system) {
        return runs.stream().filter(run -> run.system().equals(system)).toList();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    @FunctionalInterface
    private interface Figures {
        double of(ToDoubleFunction<RunResult> figure);
    }

    private static String row(String system, String run, Figures figures, Map<String, Double> cpu) {
        return String.format(
                Locale.ROOT,
                "%-9s %4s %9.1f %9.1f %9.1f %9.1f %9.2f %9.2f %9.3f %9.0f %9.0f %7.0f %6.1f  %s%n",
                system,
                run,
                figures.of(RunResult::sagasPerSecond),
                figures.of(RunResult::p50Ms),
                figures.of(RunResult::p90Ms),
                figures.of(RunResult::p99Ms),
                figures.of(RunResult::coreMsPerSaga),
                figures.of(RunResult::statementsPerSaga),
                figures.of(RunResult::commitsPerSaga),
                figures.of(RunResult::bytesPerSaga),
                figures.of(RunResult::tableBytesPerSaga),
                figures.of(RunResult::heapMb),
                figures.of(RunResult::compileSeconds),
                cpu.isEmpty() ? "" : cpuText(cpu));
    }

    private static String cpuText(Map<String, Double> cpu) {
        StringBuilder text = new StringBuilder("cpu s:");
        cpu.forEach((process, seconds) -> text.append(String.format(Locale.ROOT, " %s %.1f", process, seconds)));
        return text.toString();
    }
}
