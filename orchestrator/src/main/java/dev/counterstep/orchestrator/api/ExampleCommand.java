package dev.counterstep.orchestrator.api;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionExample;

/**
 * What would become of a step's action for a definition's example.
 *
 * @param step the step
 * @param type the command
 * @param skipped whether the step's condition is false: then nothing is sent
 * @param topic where it would be sent; null when it is skipped
 * @param key its message key; null when it is skipped, or is the id of the saga
 * @param payload its body; null when it is skipped
 */
record ExampleCommand(
        String step,
        String type,
        boolean skipped,
        @Nullable String topic,
        @Nullable String key,
        @Nullable Map<String, Object> payload) {

    /** What a definition makes of its example; null when it has none. */
    static @Nullable List<ExampleCommand> of(@Nullable DefinitionExample example) {
        return example == null
                ? null
                : example.commands().stream().map(ExampleCommand::of).toList();
    }

    private static ExampleCommand of(DefinitionExample.Command command) {
        return new ExampleCommand(
                command.step(),
                command.type(),
                command.skipped(),
                command.skipped() ? null : OrchestratorProperties.commandTopic(command.participant()),
                command.key(),
                command.payload());
    }
}
