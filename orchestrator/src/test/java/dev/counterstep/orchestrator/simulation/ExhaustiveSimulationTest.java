package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepExpressions;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.simulation.Allowances.Mishap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All histories of small definitions, with one duplicate, one loss, one crash and one operator's action together, and with any few
 * of those and a delay, a refusal and an error. {@code -Dsimulation.exhaustive=more} allows one mishap more, and larger shapes:
 * minutes, not seconds.
 */
class ExhaustiveSimulationTest {

    private static final Set<Mishap> THE_FOUR =
            EnumSet.of(Mishap.DUPLICATE, Mishap.LOSS, Mishap.CRASH, Mishap.OPERATION);
    private static final boolean MORE = "more".equals(System.getProperty("simulation.exhaustive"));
    private static final Set<String> BOTH = Set.of("COMPLETED", "COMPENSATED");
    private static final Set<String> STUCK_UNDOING = Set.of("COMPENSATED", "STUCK", "ABANDONED");
    private static final Set<String> STUCK_AHEAD = Set.of("COMPLETED", "COMPENSATED", "STUCK", "ABANDONED");

    /**
     * A small definition.
     *
     * @param groups groups are apart by blanks, the steps of a group by strokes
     * @param most how many mishaps of all kinds it can afford
     * @param attempts how often a command is sent; with one attempt, one loss is enough to be stuck
     * @param onStuck whether other compensations go on when one is stuck
     * @param ends where some of its histories must end, with the four
     */
    private record Shape(String groups, int most, int attempts, OnStuckCompensation onStuck, Set<String> ends) {

        static Shape twice(String groups, int most) {
            return new Shape(groups, most, 2, OnStuckCompensation.STOP, BOTH);
        }

        static Shape once(String groups, int most, Set<String> ends) {
            return new Shape(groups, most, 1, OnStuckCompensation.STOP, ends);
        }

        static Shape onceGoingOn(String groups, int most) {
            return new Shape(groups, most, 1, OnStuckCompensation.CONTINUE, STUCK_UNDOING);
        }

        @Override
        public String toString() {
            return groups + (attempts == 1 ? ", once" : "") + (onStuck == OnStuckCompensation.CONTINUE ? ", on" : "");
        }
    }

    private static final List<Shape> SHAPES = List.of(
            Shape.twice("a", 5),
            Shape.twice("a b", 4),
            Shape.twice("a|b", 2),
            Shape.twice("a b c", 3),
            Shape.twice("a|b c", 2),
            Shape.twice("a b|c", 2),
            Shape.twice("pivot", 4),
            Shape.twice("a pivot", 3),
            Shape.twice("a b pivot", 3),
            Shape.twice("pivot r", 4),
            Shape.twice("a pivot r", 3),
            Shape.twice("pivot r s", 3),
            Shape.twice("pivot r|s", 2),
            Shape.once("a", 4, BOTH),
            Shape.once("a no", 4, STUCK_UNDOING),
            Shape.once("a b no", 3, STUCK_UNDOING),
            Shape.once("pivot r", 4, STUCK_AHEAD),
            Shape.once("a pivot r", 3, STUCK_AHEAD),
            Shape.once("pivot r|s", 2, STUCK_AHEAD),
            Shape.onceGoingOn("a b no", 3));

    /** With the four they take minutes. */
    private static final List<Shape> LARGE = List.of(
            Shape.twice("a|b pivot", 2),
            Shape.twice("a|b|c", 1),
            Shape.once("a|b no", 2, STUCK_UNDOING),
            Shape.onceGoingOn("a|b no", 2));

    @TestFactory
    Stream<DynamicTest> everyHistoryHolds() {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<DynamicTest> tests = new ArrayList<>();
        Set<String> granted = new TreeSet<>();
        for (Shape shape : SHAPES) {
            tests.add(withTheFour(threads, shape, granted));
            tests.add(withAny(threads, shape));
        }
        for (Shape shape : LARGE) {
            tests.add(withAny(threads, shape));
            if (MORE) {
                tests.add(withTheFour(threads, shape, granted));
            }
        }
        threads.shutdown();
        tests.add(DynamicTest.dynamicTest(
                "operators act on what is stuck by the four",
                () -> assertThat(granted)
                        .containsExactly(
                                "AbandonRequested",
                                "CancelRequested",
                                "CompensateRequested",
                                "ReplayRequested",
                                "SkipRequested")));
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

    private static Set<String> explore(String groups, int mishaps, PlantedBug bug) {
        SagaDefinition definition = definition(Shape.twice(groups, mishaps));
        return ExhaustiveModel.explore(definition, Allowances.all(mishaps), bug.engine)
                .violations();
    }

    private static DynamicTest withTheFour(ExecutorService threads, Shape shape, Set<String> granted) {
        return test(threads, shape, "duplicate, loss, crash, operation", Allowances.of(THE_FOUR, 4), result -> {
            assertThat(result.ends()).containsKeys(shape.ends().toArray(String[]::new));
            granted.addAll(result.granted());
        });
    }

    private static DynamicTest withAny(ExecutorService threads, Shape shape) {
        int most = shape.most() + (MORE ? 1 : 0);
        return test(
                threads,
                shape,
                "any " + most,
                Allowances.all(most),
                result -> assertThat(result.ends()).isNotEmpty());
    }

    private static DynamicTest test(
            ExecutorService threads,
            Shape shape,
            String what,
            Allowances allowances,
            Consumer<ExhaustiveModel.Result> expectation) {
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
            expectation.accept(result);
        });
    }

    private static SagaDefinition definition(Shape shape) {
        List<List<SagaStep>> groups = new ArrayList<>();
        for (String group : shape.groups().split(" ", -1)) {
            groups.add(Stream.of(group.split("\\|", -1))
                    .map(id -> step(id, shape.attempts()))
                    .toList());
        }
        return new SagaDefinition("shape", 1, null, shape.onStuck(), groups);
    }

    private static SagaStep step(String id, int attempts) {
        StepKind kind = switch (id) {
            case "pivot" -> StepKind.PIVOT;
            case "r", "s" -> StepKind.RETRIABLE;
            default -> StepKind.COMPENSATABLE;
        };
        @Nullable String undo = kind == StepKind.RETRIABLE ? null : "simple.undo." + id;
        RetryPolicy retry = new RetryPolicy(attempts, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0);
        return new SagaStep(
                id, id, "simple.do." + id, undo, kind, Duration.ofSeconds(30), retry, StepExpressions.DEFAULT);
    }
}
