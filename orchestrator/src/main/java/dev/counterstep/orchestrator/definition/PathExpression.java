package dev.counterstep.orchestrator.definition;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.ExpressionException;

/**
 * An expression that only names a value, such as {@code input.amount}. It answers that very value: CEL's numbers are 64 bits
 * wide, and an amount must come out as it went in.
 *
 * @param label names the expression in errors
 * @param path the variable and the fields below it
 */
record PathExpression(String label, List<String> path) implements Expression {

    @Override
    public @Nullable Object value(Bindings bindings) {
        Object value = bindings.variables();
        for (String field : path) {
            if (!(value instanceof Map<?, ?> object) || !object.containsKey(field)) {
                throw new ExpressionException(label + ": there is no " + Words.quoted(field));
            }
            value = object.get(field);
        }
        return value;
    }
}
