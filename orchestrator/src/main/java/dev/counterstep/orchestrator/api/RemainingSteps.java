package dev.counterstep.orchestrator.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepInstance;

/** Foretells what a saga has still to do, if all goes well from here on. */
final class RemainingSteps {

    private RemainingSteps() {}

    /** Forward the steps still to be done, backward those still to be undone, in that order; empty once it has ended. */
    static List<String> of(SagaInstance saga, SagaDefinition definition) {
        return switch (saga.state()) {
            case COMPLETED, COMPENSATED, ABANDONED -> List.of();
            case RUNNING -> toDo(saga, definition);
            case COMPENSATING -> toUndo(saga, definition);
            case STUCK -> isTurnedRound(saga) ? toUndo(saga, definition) : toDo(saga, definition);
        };
    }

    private static List<String> toDo(SagaInstance saga, SagaDefinition definition) {
        return definition.steps().stream()
                .filter(step -> isToDo(saga.step(step.id())))
                .map(SagaStep::id)
                .toList();
    }

    private static List<String> toUndo(SagaInstance saga, SagaDefinition definition) {
        List<String> steps = new ArrayList<>(definition.steps().stream()
                .filter(step -> step.compensation() != null && isToUndo(saga.step(step.id())))
                .map(SagaStep::id)
                .toList());
        Collections.reverse(steps);
        return steps;
    }

    private static boolean isTurnedRound(SagaInstance saga) {
        return saga.steps().values().stream().anyMatch(step -> step.phase() == Phase.COMPENSATION);
    }

    private static boolean isToDo(StepInstance step) {
        return switch (step.status()) {
            case PENDING, SENT, RETRYING, REJECTED, FAILED -> true;
            case SUCCEEDED, UNKNOWN, SKIPPED, COMPENSATED -> false;
        };
    }

    private static boolean isToUndo(StepInstance step) {
        return switch (step.status()) {
            case SUCCEEDED, UNKNOWN -> true;
            case SENT, RETRYING, REJECTED, FAILED -> step.phase() == Phase.COMPENSATION;
            case PENDING, SKIPPED, COMPENSATED -> false;
        };
    }
}
