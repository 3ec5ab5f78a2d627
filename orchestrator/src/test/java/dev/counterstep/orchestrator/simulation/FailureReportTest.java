package dev.counterstep.orchestrator.simulation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of a failure must be of use to whoever reads it. */
class FailureReportTest {

    private static final PlantedBug BUG = PlantedBug.GROUP_NOT_JOINED;
    private static final Pattern COMMAND = Pattern.compile(Pattern.quote("replay it: " + Settings.TEST)
            + "SagaSimulationTest -Dsimulation\\.seed=(\\d+) -Dsimulation\\.bug=(\\w+)\n");

    @Test
    void failureShrinksAndNamesTheCommandThatReplaysIt() {
        Simulation.Result failed = firstFailure();
        Simulation.Result shrunk = Shrinker.shrink(failed, BUG.engine);
        Check check = failed.violations().get(0).check();
        assertThat(shrunk.struck()).hasSizeLessThan(failed.struck().size());
        assertThat(shrunk.violations()).extracting(Violation::check).contains(check);

        String report = FailureReport.of(failed, shrunk, BUG);
        assertThat(report).contains("violates " + check + " (" + check.guarantee, shrunk.trace());
        Matcher command = COMMAND.matcher(report);
        assertThat(command.find()).as(report).isTrue();
        Simulation.Result replayed = Simulation.run(
                Plan.of(Long.parseLong(command.group(1))), PlantedBug.valueOf(command.group(2)).engine, Trace.off());
        assertThat(replayed.violations()).isEqualTo(failed.violations());
    }

    private static Simulation.Result firstFailure() {
        long seed = 1;
        Simulation.Result result = Simulation.run(Plan.of(seed), BUG.engine, Trace.off());
        while (!result.failed()) {
            result = Simulation.run(Plan.of(++seed), BUG.engine, Trace.off());
        }
        return result;
    }
}
