package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.ExpressionException;
import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaData;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepExpressions;
import dev.counterstep.orchestrator.saga.StepKind;

/**
 * Random definitions of one to eight steps that keep the rules of the validator, and new versions of them while sagas of the older
 * ones run. What a step is, apart from its place and kind, derives from its id, so that it is the same in every version.
 */
final class Definitions {

    static final List<String> NAMES = List.of("buy", "rent");
    static final int PARTICIPANTS = 3;
    private static final int MOST_STEPS = 8;
    private static final List<String> NAMES_OF_PARTICIPANTS =
            IntStream.range(0, PARTICIPANTS).mapToObj(i -> "p" + i).toList();

    /** A command's type says what its participant must know of its step. */
    static final String EXTERNAL = "external";

    static final String UNDO_ONLY = "undo-only";
    static final String SIMPLE = "simple";

    private final long seed;
    private final Dice dice;
    private final Map<String, SagaDefinition> byReference = new HashMap<>();
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Map<String, SagaDefinition> latest = new HashMap<>();
    private int inserted;

    Definitions(long seed) {
        this.seed = seed;
        this.dice = new Dice(seed, 3);
        for (String name : NAMES) {
            List<String> steps = new ArrayList<>();
            int count = 1 + dice.below(MOST_STEPS);
            for (int i = 0; i < count; i++) {
                steps.add(String.valueOf((char) ('a' + i)));
            }
            ids.put(name, steps);
            put(name, 1);
        }
    }

    static List<String> participants() {
        return NAMES_OF_PARTICIPANTS;
    }

    SagaDefinition latest(String name) {
        return Objects.requireNonNull(latest.get(name));
    }

    SagaDefinition find(String name, int version) {
        return Objects.requireNonNull(byReference.get(name + ":" + version));
    }

    /** A new version: a step more, a step less, another name or another place. */
    SagaDefinition deploy() {
        String name = dice.pick(NAMES);
        List<String> steps = Objects.requireNonNull(ids.get(name));
        int at = dice.below(steps.size());
        switch (dice.below(4)) {
            case 0 -> {
                if (steps.size() < MOST_STEPS) {
                    steps.add(at, "n" + inserted++);
                }
            }
            case 1 -> steps.set(at, "r" + inserted++);
            case 2 -> steps.add(steps.remove(at));
            default -> {
                if (steps.size() > 1) {
                    steps.remove(at);
                }
            }
        }
        return put(name, latest(name).version() + 1);
    }

    private SagaDefinition put(String name, int version) {
        List<String> steps = Objects.requireNonNull(ids.get(name));
        int pivot = dice.chance(0.6) ? dice.below(steps.size()) : -1;
        OnStuckCompensation onStuck = dice.chance(0.3) ? OnStuckCompensation.CONTINUE : OnStuckCompensation.STOP;
        Duration timeout = dice.chance(0.5) ? Duration.ofSeconds(dice.between(4, 30)) : null;
        List<List<SagaStep>> groups = new ArrayList<>();
        StepKind before = StepKind.PIVOT;
        for (int i = 0; i < steps.size(); i++) {
            StepKind kind =
                    pivot < 0 || i < pivot ? StepKind.COMPENSATABLE : i == pivot ? StepKind.PIVOT : StepKind.RETRIABLE;
            boolean joins = kind == before && kind != StepKind.PIVOT && !groups.isEmpty() && dice.chance(0.35);
            SagaStep step = step(name, steps.get(i), kind, i == 0 && steps.size() > 1);
            if (joins) {
                groups.get(groups.size() - 1).add(step);
            } else {
                groups.add(new ArrayList<>(List.of(step)));
            }
            before = kind;
        }
        SagaDefinition definition = new SagaDefinition(name, version, timeout, onStuck, groups);
        byReference.put(definition.reference(), definition);
        latest.put(name, definition);
        return definition;
    }

    private SagaStep step(String name, String id, StepKind kind, boolean mayBeUndoOnly) {
        Dice own = new Dice(seed, (name + id).hashCode());
        String participant = "p" + own.below(PARTICIPANTS);
        boolean external = own.chance(0.25);
        boolean readOnly = own.chance(0.15);
        boolean undoOnly = own.chance(0.3) && mayBeUndoOnly && kind == StepKind.COMPENSATABLE;
        String nature = undoOnly ? UNDO_ONLY : external ? EXTERNAL : SIMPLE;
        boolean undoable = undoOnly || (kind != StepKind.RETRIABLE && !readOnly);
        long backoff = own.between(100, 1_000);
        RetryPolicy retry =
                new RetryPolicy(1 + own.below(4), Duration.ofMillis(backoff), 2, Duration.ofMillis(4 * backoff), 0.2);
        return new SagaStep(
                id,
                participant,
                undoOnly ? null : nature + ".do." + id,
                undoable ? nature + ".undo." + id : null,
                kind,
                Duration.ofMillis(own.between(3_000, 7_000)),
                retry,
                expressions(id, own.chance(0.2) && !undoOnly, own.chance(0.3)));
    }

    private static StepExpressions expressions(String id, boolean conditional, boolean ownKey) {
        return new StepExpressions(
                data -> !conditional || number(data) % 2 == 0,
                data -> ownKey ? "key-" + number(data) % 2 : data.sagaId().toString(),
                data -> payload(id, data));
    }

    private static Map<String, Object> payload(String id, SagaData data) {
        if (id.equals(data.input().get("unbuildable"))) {
            throw new ExpressionException(UNBUILDABLE);
        }
        return data.input();
    }

    /** The reason of a command that cannot be made. */
    static final String UNBUILDABLE = "input.unbuildable says so";

    private static int number(SagaData data) {
        return data.input().get("number") instanceof Integer number ? number : 0;
    }

    /** Some step of the newest version, to be unbuildable. */
    @Nullable
    String someStep(String name) {
        return dice.pick(Objects.requireNonNull(ids.get(name)));
    }
}
