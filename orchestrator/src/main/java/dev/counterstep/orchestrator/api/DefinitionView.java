package dev.counterstep.orchestrator.api;

import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.definition.CancelTrigger;
import dev.counterstep.orchestrator.definition.LoadedDefinition;
import dev.counterstep.orchestrator.definition.StartTrigger;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepKind;

/**
 * A version of a definition.
 *
 * @param name the definition's name
 * @param version its version
 * @param checksum SHA-256 of its content
 * @param latest whether new sagas run this version
 * @param inFlight how many sagas of this version have not ended
 * @param start the event that starts a saga of it; null when only a call does
 * @param cancel the event that cancels a saga of it; null when none does
 * @param timeout an ISO-8601 duration: how long everything up to the pivot may take; null for no limit
 * @param steps in their order
 * @param mermaid the steps as a Mermaid flowchart
 * @param source as it was given
 * @param commands what would be sent for its example; absent when it has none
 */
record DefinitionView(
        String name,
        int version,
        String checksum,
        boolean latest,
        long inFlight,
        @Nullable Trigger start,
        @Nullable Trigger cancel,
        @Nullable String timeout,
        List<Step> steps,
        String mermaid,
        String source,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ExampleCommand> commands) {

    /**
     * An event.
     *
     * @param topic where it is read
     * @param type its type
     */
    record Trigger(String topic, String type) {

        static @Nullable Trigger of(@Nullable StartTrigger trigger) {
            return trigger == null ? null : new Trigger(trigger.topic(), trigger.type());
        }

        static @Nullable Trigger of(@Nullable CancelTrigger trigger) {
            return trigger == null ? null : new Trigger(trigger.topic(), trigger.type());
        }
    }

    /**
     * A step of a definition.
     *
     * @param id the step
     * @param group 1-based; steps of one group run at the same time
     * @param participant who does it
     * @param action the command that does it; null when it was done before
     * @param compensation the command that undoes it; null when there is nothing to undo
     * @param kind what a failure means
     * @param timeout an ISO-8601 duration: how long an attempt waits for its reply
     * @param attempts how often it is sent at most
     */
    record Step(
            String id,
            int group,
            String participant,
            @Nullable String action,
            @Nullable String compensation,
            StepKind kind,
            String timeout,
            int attempts) {

        static Step of(SagaStep step, int group) {
            return new Step(
                    step.id(),
                    group,
                    step.participant(),
                    step.action(),
                    step.compensation(),
                    step.kind(),
                    step.timeout().toString(),
                    step.retry().attempts());
        }
    }

    static DefinitionView of(LoadedDefinition definition, boolean latest, long inFlight) {
        List<List<SagaStep>> groups = definition.saga().groups();
        return new DefinitionView(
                definition.saga().name(),
                definition.saga().version(),
                definition.checksum(),
                latest,
                inFlight,
                Trigger.of(definition.start()),
                Trigger.of(definition.cancel()),
                definition.saga().timeout() == null
                        ? null
                        : definition.saga().timeout().toString(),
                IntStream.range(0, groups.size())
                        .boxed()
                        .flatMap(group -> groups.get(group).stream().map(step -> Step.of(step, group + 1)))
                        .toList(),
                Mermaid.flowchart(definition.saga()),
                definition.source(),
                ExampleCommand.of(definition.example()));
    }
}
