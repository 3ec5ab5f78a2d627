package dev.counterstep.benchmark;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.counterstep.benchmark.load.LoadReport;

/**
 * Whether the product stays as fast as it was while finished sagas pile up, and during a {@link Soak}. One system for each size runs
 * beside the others, and they are measured in turn, so that what else the machine does meets them all.
 */
final class Growth {

    private static final double HALF = 0.5;

    private final Options options;
    private final Progress progress;
    private final List<Map<String, Object>> stages = new ArrayList<>();
    private final Map<String, Object> result = new LinkedHashMap<>();

    Growth(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * {@code growthRatios}: of each size, the median over the rounds of its throughput by that of the first size; what {@link Soak}
     * found, when there was one; {@code stages}: all that was measured, in order.
     */
    Map<String, Object> run() throws IOException, InterruptedException, SQLException {
        List<GrownSystem> all = new ArrayList<>();
        try {
            for (long size : options.sizes()) {
                all.add(GrownSystem.start("%,d sagas".formatted(size), size, options, progress));
            }
            for (GrownSystem grown : all) {
                grown.fill();
            }
            rounds(all);
            if (!options.soak().isZero()) {
                close(all.subList(1, all.size())); // the soak needs their room
                GrownSystem young = GrownSystem.start("young", all.get(0).size(), options, progress);
                all.add(young);
                young.fill();
                result.putAll(new Soak(options, progress, all.get(0), young, stages).run());
            }
        } finally {
            close(all);
        }
        result.put("stages", stages);
        return result;
    }

    private static void close(List<GrownSystem> some) {
        some.forEach(GrownSystem::close);
        some.clear();
    }

    private void rounds(List<GrownSystem> all) throws InterruptedException, SQLException {
        Map<Long, List<Double>> ratios = new LinkedHashMap<>();
        for (int number = 1; number <= options.runs(); number++) {
            Map<Long, Double> perSecond = new HashMap<>();
            for (GrownSystem grown : BenchmarkApplication.turns(all, number)) {
                progress.begin("%s %d/%d".formatted(grown.name(), number, options.runs()));
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
    private double measure(GrownSystem grown) throws InterruptedException, SQLException {
        LoadReport most = grown.load(grown.closedLoop(), "throughput", options.duration());
        LoadReport half = grown.load(
                grown.closedLoop().atRate(Math.max(1, most.perSecond() * HALF)), "at half of it", options.duration());
        Map<String, Object> stage = grown.stage("growth", most);
        stage.put("storedSagas", grown.size());
        stage.put("atHalfRateP50Ms", half.p50Ms());
        stage.put("atHalfRateP99Ms", half.p99Ms());
        grown.show(stage);
        stages.add(stage);
        return most.perSecond();
    }
}
