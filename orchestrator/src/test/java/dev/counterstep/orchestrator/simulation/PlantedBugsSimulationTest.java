package dev.counterstep.orchestrator.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** After the first failing run, for other checks to catch the bug as well. */
    private static final long MORE_SEEDS = 100;

    private static final Map<PlantedBug, ReliabilityPage.Caught> CAUGHT = new LinkedHashMap<>();

    @BeforeAll
    static void runAllBugs() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Map<PlantedBug, Future<ReliabilityPage.Caught>> runs = new LinkedHashMap<>();
            for (PlantedBug bug : PlantedBug.values()) {
                runs.put(bug, threads.submit(() -> caught(bug)));
            }
            for (Map.Entry<PlantedBug, Future<ReliabilityPage.Caught>> run : runs.entrySet()) {
                CAUGHT.put(run.getKey(), run.getValue().get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The checks that catch a bug, in the order in which they do. */
    private static ReliabilityPage.Caught caught(PlantedBug bug) {
        Set<Check> checks = new LinkedHashSet<>();
        long first = 0;
        long last = MOST_SEEDS;
        for (long seed = 1; seed <= last; seed++) {
            Simulation.Result result = Simulation.run(Plan.of(seed), bug.engine, Trace.off());
            result.violations().forEach(violation -> checks.add(violation.check()));
            if (result.failed() && first == 0) {
                first = seed;
                last = seed + MORE_SEEDS;
            }
        }
        return new ReliabilityPage.Caught(bug, first, List.copyOf(checks));
    }

    @ParameterizedTest
    @EnumSource
    void bugIsCaught(PlantedBug bug) {
        assertThat(CAUGHT.get(bug))
                .as("%s survives %d seeds: %s", bug, MOST_SEEDS, bug.description)
                .isNotNull()
                .matches(caught -> caught.seed() > 0);
    }

    @ParameterizedTest
    @EnumSource
    void everyCheckCatchesABug(Check check) {
        assertThat(CAUGHT.values())
                .as("bugs that %s catches", check)
                .anyMatch(caught -> caught.checks().contains(check));
    }

    @Test
    void pageIsFresh() throws IOException {
        String page = ReliabilityPage.of(CAUGHT.values(), KeptSeed.all());
        if (Boolean.getBoolean("reliability.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dreliability.write=true").hasContent(page);
    }
}
