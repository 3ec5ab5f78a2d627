package dev.counterstep.orchestrator.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.definition.UnknownDefinitionException;
import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.SagaDiagnosis;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.saga.StepStatus;

/**
 * A saga.
 *
 * @param id the saga
 * @param definition its definition's name
 * @param definitionVersion the version it was started with
 * @param businessKey what it is about
 * @param status where it stands
 * @param currentStep the step that is waited for; null when none is
 * @param startedAt when it began
 * @param updatedAt when it last changed
 * @param endedAt when it ended; null while it has not
 * @param nextActionAt when it is looked at next; null when it does not move by itself
 * @param failureStep the step that failed; null when none did
 * @param failureReason why it failed; null when it did not
 * @param data what it works on
 * @param steps in the order of the definition
 * @param diagnosis what is the matter with it
 */
record SagaView(
        UUID id,
        String definition,
        int definitionVersion,
        String businessKey,
        SagaState status,
        @Nullable String currentStep,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @Nullable Instant nextActionAt,
        @Nullable String failureStep,
        @Nullable String failureReason,
        Data data,
        List<Step> steps,
        Diagnosis diagnosis) {

    /**
     * What a saga works on.
     *
     * @param input what it was started with
     * @param steps what each step answered, by step id
     */
    record Data(Map<String, Object> input, Map<String, Map<String, Object>> steps) {}

    /**
     * A step of a saga.
     *
     * @param id the step
     * @param participant who does it
     * @param kind what a failure means
     * @param status where it stands
     * @param phase the phase the status speaks of; null while nothing was sent
     * @param generation 1-based; grows with each replay
     * @param attempts how often its command was sent
     * @param sentAt when it was last sent; null when never
     * @param repliedAt when it was last answered; null when never
     * @param reason what went wrong last; null when nothing did
     */
    record Step(
            String id,
            String participant,
            StepKind kind,
            StepStatus status,
            @Nullable Phase phase,
            int generation,
            int attempts,
            @Nullable Instant sentAt,
            @Nullable Instant repliedAt,
            @Nullable String reason) {

        static Step of(StepInstance step) {
            return new Step(
                    step.id(),
                    step.participant(),
                    step.kind(),
                    step.status(),
                    step.phase(),
                    step.generation(),
                    step.attempts(),
                    step.sentAt(),
                    step.repliedAt(),
                    step.reason());
        }
    }

    /**
     * What is the matter with a saga.
     *
     * @param verdict in one word
     * @param sentence in one plain sentence
     * @param nextAction what happens without anybody doing anything; null when nothing does
     * @param remainingSteps the steps still to be done, or to be undone, in that order
     */
    record Diagnosis(
            SagaDiagnosis.Verdict verdict,
            String sentence,
            @Nullable String nextAction,
            List<String> remainingSteps) {}

    /** Shows a saga. {@code paused}: by participant, the pauses that last. */
    static SagaView of(StoredSaga stored, DefinitionRegistry definitions, Map<String, Pause> paused) {
        SagaInstance saga = stored.instance();
        SagaDiagnosis diagnosis = diagnosis(stored, definitions, paused);
        return new SagaView(
                saga.id(),
                saga.definition(),
                saga.definitionVersion(),
                saga.businessKey(),
                saga.state(),
                saga.currentStep(),
                saga.startedAt(),
                saga.updatedAt(),
                saga.endedAt(),
                stored.nextActionAt(),
                saga.failureStep(),
                saga.failureReason(),
                new Data(saga.input(), saga.replies()),
                saga.steps().values().stream().map(Step::of).toList(),
                new Diagnosis(
                        diagnosis.verdict(),
                        diagnosis.sentence(),
                        diagnosis.nextAction(),
                        remaining(saga, definitions)));
    }

    /** What is the matter with it, as far as this node can tell. */
    static SagaDiagnosis diagnosis(StoredSaga stored, DefinitionRegistry definitions, Map<String, Pause> paused) {
        SagaInstance saga = stored.instance();
        String unreadable =
                definitions.unreadable().get(new DefinitionVersion(saga.definition(), saga.definitionVersion()));
        return unreadable == null || !saga.state().isActive()
                ? SagaDiagnosis.of(saga, paused)
                : SagaDiagnosis.leftToAnother(unreadable);
    }

    private static List<String> remaining(SagaInstance saga, DefinitionRegistry definitions) {
        try {
            return RemainingSteps.of(
                    saga,
                    definitions
                            .find(saga.definition(), saga.definitionVersion())
                            .saga());
        } catch (UnknownDefinitionException onlyAnotherNodeHasIt) {
            return List.of();
        }
    }
}
