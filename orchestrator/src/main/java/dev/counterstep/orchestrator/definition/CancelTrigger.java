package dev.counterstep.orchestrator.definition;

import java.util.Map;
import java.util.function.Function;

import dev.counterstep.orchestrator.saga.ExpressionException;

/**
 * The event that cancels a saga.
 *
 * @param topic where it is read
 * @param type its type
 * @param key what the saga is about, from the event's body
 */
public record CancelTrigger(String topic, String type, Function<Map<String, Object>, String> key) {

    /**
     * Which saga is meant; 1 to 256 characters.
     *
     * @throws ExpressionException when the body has no such key
     */
    public String businessKey(Map<String, Object> body) {
        return key.apply(body);
    }
}
