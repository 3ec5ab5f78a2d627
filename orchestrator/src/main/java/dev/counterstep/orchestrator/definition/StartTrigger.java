package dev.counterstep.orchestrator.definition;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.counterstep.orchestrator.saga.ExpressionException;

/**
 * The event that starts a saga.
 *
 * @param topic where it is read
 * @param type its type
 * @param when whether an event's body starts a saga
 * @param key what the saga is about, from the event's body
 */
public record StartTrigger(
        String topic, String type, Predicate<Map<String, Object>> when, Function<Map<String, Object>, String> key) {

    /**
     * Whether this event starts a saga.
     *
     * @throws ExpressionException when the body lacks what the condition asks for
     */
    public boolean matches(Map<String, Object> input) {
        return when.test(input);
    }

    /**
     * What the saga is about; 1 to 256 characters.
     *
     * @throws ExpressionException when the body has no such key
     */
    public String businessKey(Map<String, Object> input) {
        return key.apply(input);
    }
}
