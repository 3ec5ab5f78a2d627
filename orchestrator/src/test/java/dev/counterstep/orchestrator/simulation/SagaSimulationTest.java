package dev.counterstep.orchestrator.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Thousands of histories of the engine, each made from a seed. {@code -Dsimulation.seeds=} runs more of them, {@code
 * -Dsimulation.seed=} replays one and prints its trace, {@code -Dsimulation.bug=} plants a bug.
 */
class SagaSimulationTest {

    private static final Path STATES = Path.of("..", "docs", "saga-states.md");

    @Test
    void seedsHold() throws Exception {
        Long seed = Settings.seed();
        if (seed != null) {
            replay(seed);
            return;
        }
        long began = System.nanoTime();
        Campaign.Outcome outcome = new Campaign(Settings.engine()).run(Settings.first(), Settings.seeds());
        double seconds = (double) (System.nanoTime() - began) / TimeUnit.SECONDS.toNanos(1);
        outcome.failure().ifPresent(SagaSimulationTest::explain);
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds hold, from %d on; %.0f s, %.0f seeds/s%n",
                Settings.seeds(),
                Settings.first(),
                seconds,
                (double) Settings.seeds() / seconds);
        assertThat(unseen(outcome.coverage())).as("what no run has seen").isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> keptSeedsHold() throws IOException {
        return KeptSeed.all().stream()
                .map(kept -> DynamicTest.dynamicTest(
                        kept.toString(),
                        () -> hold(Simulation.run(Plan.of(kept.seed()), Settings.engine(), Trace.off()))));
    }

    @Test
    void seedMakesOneTrace() {
        for (long seed = 1; seed <= 25; seed++) {
            String trace =
                    Simulation.run(Plan.of(seed), Engine.REAL, Trace.on()).trace();
            String again =
                    Simulation.run(Plan.of(seed), Engine.REAL, Trace.on()).trace();
            assertThat(again).as("the trace of seed " + seed).isEqualTo(trace).isNotEmpty();
        }
    }

    @Test
    void noReplayGoesBeyondWhatParticipantsTake() {
        assertThat(StepInstance.MOST_GENERATIONS).isEqualTo(ModelInbox.MOST_GENERATIONS);
    }

    private static void replay(long seed) {
        Simulation.Result result = Simulation.run(Plan.of(seed), Settings.engine(), Trace.on());
        System.out.println(result.trace());
        hold(result);
    }

    private static void hold(Simulation.Result result) {
        if (result.failed()) {
            explain(result);
        }
    }

    private static void explain(Simulation.Result failed) {
        Simulation.Result shrunk = Shrinker.shrink(failed, Settings.engine());
        Violation violation = failed.violations().get(0);
        fail("""
                seed %d violates %s (%s: %s): %s
                replay it: %s
                shrunk from %d strikes of faults to %s:
                %s%s""".formatted(
                        failed.plan().seed(),
                        violation.check(),
                        violation.check().guarantee,
                        violation.check().description,
                        violation.how(),
                        Settings.replay(failed.plan().seed()),
                        failed.struck().size(),
                        shrunk.struck(),
                        shrunk.trace(),
                        shrunk.violations()));
    }

    /** The floor: every fault, every verdict of the barrier, every state, kind of log entry and documented move. */
    private static List<Object> unseen(Coverage coverage) throws IOException {
        List<Object> floor = new ArrayList<>();
        floor.addAll(List.of(Fault.values()));
        floor.addAll(List.of(ModelInbox.Verb.values()));
        floor.add("EXPIRED");
        floor.addAll(List.of(LogKind.values()));
        Arrays.stream(SagaState.values()).filter(SagaState::isFinal).forEach(floor::add);
        Arrays.stream(StepStatus.values())
                .filter(status -> !status.isInFlight())
                .forEach(floor::add);
        floor.addAll(documentedMoves());
        return floor.stream().filter(what -> coverage.of(what) == 0).toList();
    }

    /**
     * The arrows of {@code docs/saga-states.md}, one for each event that moves a saga along it. But for EXPIRED: the table asks the
     * core about it in every state, while only commands before the pivot can expire, and those never make a saga stuck.
     */
    private static List<Coverage.Move> documentedMoves() throws IOException {
        List<Coverage.Move> moves = new ArrayList<>();
        for (String line : Files.readAllLines(STATES)) {
            String[] parts = line.strip().split(" : ", 2);
            if (parts.length == 2 && parts[0].contains(" --> ")) {
                String[] states = parts[0].split(" --> ", -1);
                for (String event : parts[1].split(" / ", -1)) {
                    if (event.startsWith("reply EXPIRED")) {
                        continue;
                    }
                    moves.add(new Coverage.Move(
                            SagaState.valueOf(states[0]), SagaState.valueOf(states[1]), event.split(",", 2)[0]));
                }
            }
        }
        assertThat(moves).as("arrows in " + STATES).hasSizeGreaterThan(10);
        return moves;
    }
}
