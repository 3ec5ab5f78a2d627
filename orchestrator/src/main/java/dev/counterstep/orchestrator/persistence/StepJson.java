package dev.counterstep.orchestrator.persistence;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.saga.StepStatus;

/** One value of column {@code saga.steps}; the key is the step's id. What is null is absent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StepJson(
        String participant,
        StepKind kind,
        StepStatus status,
        @Nullable Phase phase,
        int generation,
        int attempts,
        @Nullable Instant sentAt,
        @Nullable Instant repliedAt,
        @Nullable Instant dueAt,
        @Nullable String reason) {

    static Map<String, StepJson> of(Map<String, StepInstance> steps) {
        Map<String, StepJson> json = new LinkedHashMap<>();
        steps.forEach((id, step) -> json.put(id, of(step)));
        return json;
    }

    static Map<String, StepInstance> toSteps(Map<String, StepJson> json) {
        Map<String, StepInstance> steps = new LinkedHashMap<>();
        json.forEach((id, step) -> steps.put(id, step.toStep(id)));
        return steps;
    }

    private static StepJson of(StepInstance step) {
        return new StepJson(
                step.participant(),
                step.kind(),
                step.status(),
                step.phase(),
                step.generation(),
                step.attempts(),
                step.sentAt(),
                step.repliedAt(),
                step.dueAt(),
                step.reason());
    }

    private StepInstance toStep(String id) {
        return new StepInstance(
                id, participant, kind, status, phase, generation, attempts, sentAt, repliedAt, dueAt, reason);
    }
}
