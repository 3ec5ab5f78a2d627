package dev.counterstep.orchestrator.definition;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a definition makes of its own sample data.
 *
 * @param businessKey what the saga would be about
 * @param commands what would become of each step's action, in their order, if every step succeeded with its sample reply
 */
public record DefinitionExample(String businessKey, List<Command> commands) {

    public DefinitionExample {
        commands = List.copyOf(commands);
    }

    /**
     * What would become of a step's action.
     *
     * @param step the step
     * @param participant who would do it
     * @param type the command
     * @param skipped whether the step's condition is false, so that nothing is sent
     * @param key the message key; null when it is skipped, or is the saga id, which only a saga has
     * @param payload the body; null when it is skipped
     */
    public record Command(
            String step,
            String participant,
            String type,
            boolean skipped,
            @Nullable String key,
            @Nullable Map<String, Object> payload) {}
}
