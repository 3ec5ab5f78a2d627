package dev.counterstep.orchestrator.definition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.StepKind;

/** What must hold between the steps of a definition, and between the fields of one. */
final class StepRules {

    private final List<StepSource> steps;
    private final Problems problems;

    StepRules(List<StepSource> steps, Problems problems) {
        this.steps = steps;
        this.problems = problems;
    }

    void check() {
        idsAreUnique();
        steps.forEach(this::fieldsFit);
        kindsAreInOrder();
        pivotIsAlone();
        if (!steps.isEmpty() && steps.stream().noneMatch(StepSource::hasAction)) {
            problems.add(steps.get(0).element(), "no step has an action: such a saga would do nothing");
        }
    }

    private void idsAreUnique() {
        Map<String, StepSource> seen = new HashMap<>();
        for (StepSource step : steps) {
            if (step.id() == null) {
                continue;
            }
            StepSource first = seen.putIfAbsent(step.id(), step);
            if (first != null) {
                problems.add(
                        at(step, "id"),
                        "the id %s is taken by the step on line %d"
                                .formatted(
                                        Words.quoted(step.id()), first.element().line()));
            }
        }
    }

    private void fieldsFit(StepSource step) {
        boolean hasAction = step.hasAction();
        boolean hasCompensation = step.fields().has("compensation");
        if (!hasAction && !hasCompensation) {
            problems.add(step.element(), step.name() + " needs an action, a compensation or both");
        }
        if (!hasAction && step.fields().has("when")) {
            problems.add(at(step, "when"), step.name() + " has no action, so there is nothing to make conditional");
        }
        if (step.kind() == StepKind.PIVOT && !hasAction) {
            problems.add(at(step, "kind"), "a pivot needs an action");
        }
        if (step.kind() == StepKind.RETRIABLE && !hasAction) {
            problems.add(at(step, "kind"), "a retriable step needs an action");
        }
        if (step.kind() == StepKind.RETRIABLE && hasCompensation) {
            problems.add(at(step, "compensation"), "a retriable step is never undone: it has no compensation");
        }
    }

    private void kindsAreInOrder() {
        StepSource pivot = null;
        for (StepSource step : steps) {
            String fault = step.kind() == null ? null : orderFault(step.kind(), pivot);
            if (fault != null) {
                problems.add(at(step, "kind"), step.name() + " " + fault);
            }
            if (step.kind() == StepKind.PIVOT && pivot == null) {
                pivot = step;
            }
        }
    }

    private static @Nullable String orderFault(StepKind kind, @Nullable StepSource pivot) {
        return switch (kind) {
            case COMPENSATABLE ->
                pivot == null ? null : "comes after the pivot, where every step must be 'kind: retriable'";
            case PIVOT -> pivot == null ? null : "is a second pivot: there is at most one";
            case RETRIABLE -> pivot == null ? "is retriable but no pivot comes before it" : null;
        };
    }

    private void pivotIsAlone() {
        for (StepSource step : steps) {
            long inGroup = steps.stream()
                    .filter(other -> other.group() == step.group())
                    .count();
            if (step.kind() == StepKind.PIVOT && inGroup > 1) {
                problems.add(at(step, "kind"), "a pivot cannot be parallel to other steps");
            }
        }
    }

    /** The field when it was written down, else the step. */
    private static Element at(StepSource step, String field) {
        Element value = step.fields().find(field);
        return value == null ? step.element() : value;
    }
}
