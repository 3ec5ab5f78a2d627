package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepExpressions;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.simulation.Allowances.Mishap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All histories of small definitions, with one duplicate, one loss, one crash and one operator's action together, and with any few
 * of those and a delay, a refusal and an error. {@code -Dsimulation.exhaustive=more} allows one mishap more: minutes, not seconds.
 */
class ExhaustiveSimulationTest {

    private static final Set<Mishap> THE_FOUR =
            EnumSet.of(Mishap.DUPLICATE, Mishap.LOSS, Mishap.CRASH, Mishap.OPERATION);
    private static final int MORE = "more".equals(System.getProperty("simulation.exhaustive")) ? 1 : 0;
    private static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0);

    /** By name; how many mishaps of all kinds each can afford. */
    private static final Map<String, Integer> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("a", 5);
        SHAPES.put("a b", 4);
        SHAPES.put("a|b", 2);
        SHAPES.put("pivot retriable", 4);
        SHAPES.put("a b c", 3);
        SHAPES.put("a pivot retriable", 3);
        SHAPES.put("a|b c", 2);
        SHAPES.put("a b|c", 2);
    }

    @TestFactory
    Stream<DynamicTest> everyHistoryHolds() {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<DynamicTest> tests = new ArrayList<>();
        SHAPES.forEach((shape, most) -> {
            tests.add(test(threads, shape, "duplicate, loss, crash, operation", Allowances.of(THE_FOUR, 4)));
            tests.add(test(threads, shape, "any " + (most + MORE), Allowances.all(most + MORE)));
        });
        threads.shutdown();
        return tests.stream();
    }

    /** Bugs of core and barrier need no broker to show. */
    @ParameterizedTest
    @EnumSource(
            value = PlantedBug.class,
            names = {
                "INBOX_ROW_NOT_STORED",
                "COMPENSATED_TWICE",
                "LATE_ACTION_RUNS",
                "EMPTY_COMPENSATION_RUNS",
                "UNKNOWN_STEP_NOT_COMPENSATED",
                "WRONG_COMPENSATION_ORDER",
                "GIVES_UP_SILENTLY",
                "GROUP_NOT_JOINED"
            })
    void bugIsCaught(PlantedBug bug) {
        Set<String> violations = new HashSet<>(explore("a", 3, bug));
        violations.addAll(explore("a b c", 2, bug));
        violations.addAll(explore("a|b c", 1, bug));
        assertThat(violations).isNotEmpty();
    }

    private static Set<String> explore(String shape, int mishaps, PlantedBug bug) {
        return ExhaustiveModel.explore(definition(shape), Allowances.all(mishaps), bug.engine)
                .violations();
    }

    private static DynamicTest test(ExecutorService threads, String shape, String what, Allowances allowances) {
        Future<ExhaustiveModel.Result> exploring =
                threads.submit(() -> ExhaustiveModel.explore(definition(shape), allowances, Engine.REAL));
        return DynamicTest.dynamicTest(shape + " with " + what, () -> {
            ExhaustiveModel.Result result = exploring.get();
            System.out.printf(
                    Locale.ROOT,
                    "exhaustive: %s with %s: %d states, %s%n",
                    shape,
                    what,
                    result.states(),
                    result.ends());
            assertThat(result.violations()).isEmpty();
            assertThat(result.ends()).containsKeys("COMPLETED", "COMPENSATED");
        });
    }

    /** Groups are apart by blanks, the steps of a group by strokes. */
    private static SagaDefinition definition(String shape) {
        List<List<SagaStep>> groups = new ArrayList<>();
        for (String group : shape.split(" ", -1)) {
            groups.add(Stream.of(group.split("\\|", -1))
                    .map(ExhaustiveSimulationTest::step)
                    .toList());
        }
        return new SagaDefinition(shape, 1, null, groups);
    }

    private static SagaStep step(String id) {
        StepKind kind = switch (id) {
            case "pivot" -> StepKind.PIVOT;
            case "retriable" -> StepKind.RETRIABLE;
            default -> StepKind.COMPENSATABLE;
        };
        @Nullable String undo = kind == StepKind.RETRIABLE ? null : "simple.undo." + id;
        return new SagaStep(
                id, id, "simple.do." + id, undo, kind, Duration.ofSeconds(30), TWICE, StepExpressions.DEFAULT);
    }
}
