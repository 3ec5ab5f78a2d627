package dev.counterstep.orchestrator.definition;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.ExpressionException;

/**
 * An expression that computes something. CEL computes with 64-bit integers and IEEE doubles.
 *
 * @param label names the expression in errors
 * @param program thread-safe
 */
record CelExpression(String label, CelRuntime.Program program) implements Expression {

    private static final Pattern MISSING =
            Pattern.compile(".*(?:key '(.*)' is not present in map|Error resolving field '(.*?)').*", Pattern.DOTALL);

    @Override
    public @Nullable Object value(Bindings bindings) {
        Map<String, Object> variables = new HashMap<>();
        bindings.variables().forEach((name, value) -> variables.put(name, CelValues.toCel(value)));
        try {
            return CelValues.fromCel(label, program.eval(variables));
        } catch (CelEvaluationException cause) {
            ExpressionException failure = new ExpressionException(label + ": " + explained(cause));
            failure.initCause(cause);
            throw failure;
        }
    }

    /** In words of ours, because CEL's may quote the saga's data. */
    private static String explained(CelEvaluationException cause) {
        String message = String.valueOf(cause.getMessage());
        Matcher missing = MISSING.matcher(message);
        return switch (cause.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND ->
                missing.matches()
                        ? "there is no " + Words.quoted(missing.group(1) == null ? missing.group(2) : missing.group(1))
                        : "a field it asks for is missing";
            case OVERLOAD_NOT_FOUND ->
                withoutPlace(message).replaceFirst("\\. Overload candidates.*", "")
                        + " (a whole number and a decimal one mix only in comparisons)";
            case DIVIDE_BY_ZERO -> "it divides by zero";
            case NUMERIC_OVERFLOW -> "a number leaves the range of 64 bits";
            case INDEX_OUT_OF_BOUNDS -> "a list is shorter than it asks for";
            case ITERATION_BUDGET_EXCEEDED ->
                "it goes through more than %d list entries".formatted(ExpressionCompiler.MOST_ITERATIONS);
            case BAD_FORMAT,
                    INVALID_ARGUMENT,
                    TYPE_NOT_FOUND,
                    DUPLICATE_ATTRIBUTE,
                    AMBIGUOUS_OVERLOAD,
                    INTERNAL_ERROR -> "its data does not have the form it asks for";
        };
    }

    private static String withoutPlace(String message) {
        return message.replaceFirst("^evaluation error at [^ ]*: ", "");
    }
}
