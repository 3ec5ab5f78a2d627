package dev.counterstep.orchestrator.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Thousands of histories of the engine, each made from a seed. {@code -Dsimulation.seeds=} runs more of them, {@code
 * -Dsimulation.seed=} replays one and prints its trace, {@code -Dsimulation.bug=} plants a bug.
 */
class SagaSimulationTest {

    private static final String DIGEST = "5cbc3f4cc65c0b225d013e9f0a9e437e22c73780f0f55634c7598ab3a399570d";
    private static final Path STATES = Path.of("..", "docs", "saga-states.md");

    @Test
    void seedsHold() throws Exception {
        Long seed = Settings.seed();
        if (seed != null) {
            replay(seed);
            return;
        }
        long began = System.nanoTime();
        Coverage coverage = coverageOf(Settings.first(), Settings.seeds());
        double seconds = (double) (System.nanoTime() - began) / TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds hold, from %d on; %.0f s, %.0f seeds/s%n",
                Settings.seeds(),
                Settings.first(),
                seconds,
                (double) Settings.seeds() / seconds);
        isAboveTheFloor(coverage);
    }

    @Test
    void bugSwitchedOnByHandFails() {
        String before = System.getProperty(Settings.BUG);
        System.setProperty(Settings.BUG, PlantedBug.GROUP_NOT_JOINED.name());
        try {
            assertThatThrownBy(() -> coverageOf(1, 1_000))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("-Dsimulation.bug=GROUP_NOT_JOINED");
        } finally {
            if (before == null) {
                System.clearProperty(Settings.BUG);
            } else {
                System.setProperty(Settings.BUG, before);
            }
        }
    }

    @Test
    void runsBelowTheCoverageFloorFail() throws Exception {
        Coverage coverage = new Campaign(Engine.REAL).run(1, 1).coverage();
        assertThatThrownBy(() -> isAboveTheFloor(coverage))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what no run has seen");
    }

    @Test
    void floorAsksForEachOfItsParts() throws IOException {
        for (Object missing : floor()) {
            Coverage coverage = new Coverage();
            floor().stream().filter(what -> !what.equals(missing)).forEach(coverage::count);
            assertThat(unseen(coverage)).containsExactly(missing);
        }
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

    /**
     * Pinned, for a JVM that orders its sets and maps otherwise must come to the same. It changes whenever the simulator or the
     * engine does something else than before: then the new one is pinned.
     */
    @Test
    void tracesAreTheSameInEveryJvm() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        PlantedBug bug =
                PlantedBug.ATTEMPTS_HAVE_KEYS_OF_THEIR_OWN; // its violations print what sagas were started with
        for (long seed = 1; seed <= 10; seed++) {
            for (Engine engine : List.of(Engine.REAL, bug.engine)) {
                Simulation.Result result = Simulation.run(Plan.of(seed), engine, Trace.on());
                digest.update((result.trace() + result.violations()).getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(DIGEST);
    }

    @Test
    void noReplayGoesBeyondWhatParticipantsTake() {
        assertThat(StepInstance.MOST_GENERATIONS).isEqualTo(ModelInbox.MOST_GENERATIONS);
    }

    /** Fails when one of the seeds does. */
    private static Coverage coverageOf(long first, long seeds) throws Exception {
        Campaign.Outcome outcome = new Campaign(Settings.engine()).run(first, seeds);
        outcome.failure().ifPresent(SagaSimulationTest::explain);
        return outcome.coverage();
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
        fail(FailureReport.of(failed, shrunk, Settings.bug()));
    }

    private static void isAboveTheFloor(Coverage coverage) throws IOException {
        assertThat(unseen(coverage)).as("what no run has seen").isEmpty();
    }

    private static List<Object> unseen(Coverage coverage) throws IOException {
        return floor().stream().filter(what -> coverage.of(what) == 0).toList();
    }

    /** The floor: every fault, every verdict of the barrier, every state, kind of log entry and documented move. */
    private static Set<Object> floor() throws IOException {
        Set<Object> floor = new LinkedHashSet<>();
        floor.addAll(List.of(Fault.values()));
        floor.addAll(List.of(ModelInbox.Verb.values()));
        floor.add("EXPIRED");
        floor.addAll(List.of(LogKind.values()));
        Arrays.stream(SagaState.values()).filter(SagaState::isFinal).forEach(floor::add);
        Arrays.stream(StepStatus.values())
                .filter(status -> !status.isInFlight())
                .forEach(floor::add);
        floor.addAll(documentedMoves());
        return floor;
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
