package dev.counterstep.orchestrator.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A simulator that catches nothing proves nothing: each planted bug must be caught. {@code -Dreliability.write=true} writes {@code
 * docs/reliability.md} anew, which tells by which check and seed.
 */
class PlantedBugsSimulationTest {

    private static final long MOST_SEEDS = 10_000;
    private static final Path PAGE = Path.of("..", "docs", "reliability.md");

    private static final Map<PlantedBug, Simulation.Result> CAUGHT = new LinkedHashMap<>();

    @BeforeAll
    static void runAllBugs() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Map<PlantedBug, Future<Simulation.Result>> runs = new LinkedHashMap<>();
            for (PlantedBug bug : PlantedBug.values()) {
                runs.put(bug, threads.submit(() -> firstCaught(bug)));
            }
            for (Map.Entry<PlantedBug, Future<Simulation.Result>> run : runs.entrySet()) {
                CAUGHT.put(run.getKey(), run.getValue().get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The first run in which the bug shows, or the last of those that it survived. */
    private static Simulation.Result firstCaught(PlantedBug bug) {
        Simulation.Result result = Simulation.run(Plan.of(1), bug.engine, Trace.off());
        for (long seed = 2; seed <= MOST_SEEDS && !result.failed(); seed++) {
            result = Simulation.run(Plan.of(seed), bug.engine, Trace.off());
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void bugIsCaught(PlantedBug bug) {
        assertThat(CAUGHT.get(bug))
                .as("%s survives %d seeds: %s", bug, MOST_SEEDS, bug.description)
                .isNotNull()
                .matches(Simulation.Result::failed);
    }

    @Test
    void pageIsFresh() throws IOException {
        List<ReliabilityPage.Caught> rows = new ArrayList<>();
        CAUGHT.forEach((bug, result) -> rows.add(new ReliabilityPage.Caught(
                bug, result.violations().get(0).check(), result.plan().seed())));
        String page = ReliabilityPage.of(rows, KeptSeed.all());
        if (Boolean.getBoolean("reliability.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dreliability.write=true").hasContent(page);
    }
}
