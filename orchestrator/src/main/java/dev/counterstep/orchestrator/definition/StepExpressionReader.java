package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import dev.counterstep.orchestrator.saga.ExpressionException;
import dev.counterstep.orchestrator.saga.SagaData;
import dev.counterstep.orchestrator.saga.StepExpressions;

/** Reads conditions, keys and payloads, and makes functions of them. */
final class StepExpressionReader {

    /** The longest message key or business key, in characters. */
    static final int MOST_KEY_CHARACTERS = 256;

    private final ExpressionCompiler compiler;
    private final Problems problems;

    StepExpressionReader(ExpressionCompiler compiler, Problems problems) {
        this.compiler = compiler;
        this.problems = problems;
    }

    /** The expressions of a step; the defaults stand in for what is absent or not valid. */
    StepExpressions read(Fields fields, Scope step) {
        StepExpressions standard = StepExpressions.DEFAULT;
        Predicate<Bindings> when = condition(fields.find("when"), named("when", step));
        Function<Bindings, String> key = key(fields.find("key"), named("key", step));
        Element payload = fields.find("payload");
        Function<SagaData, Map<String, Object>> body = standard.payload();
        if (payload != null) {
            Template template = object(payload, named("payload", step));
            body = data -> asObject(template.value(Bindings.of(data)));
        }
        return new StepExpressions(
                when == null ? standard.when() : data -> when.test(Bindings.of(data)),
                key == null ? standard.key() : data -> key.apply(Bindings.of(data)),
                body,
                sent -> compiler.limits().check("the command of " + step.label(), sent));
    }

    /** A condition; null when there is none, or no valid one. */
    @Nullable
    Predicate<Bindings> condition(@Nullable Element element, Scope scope) {
        Expression expression =
                element == null ? null : compiler.compile(element, ResultKind.CONDITION, scope, problems);
        return expression == null
                ? null
                : bindings -> {
                    if (expression.value(bindings) instanceof Boolean answer) {
                        return answer;
                    }
                    throw new ExpressionException(scope.label() + ": its value is neither true nor false");
                };
    }

    /** A key; null when there is none, or no valid one. */
    @Nullable
    Function<Bindings, String> key(@Nullable Element element, Scope scope) {
        Expression expression = element == null ? null : compiler.compile(element, ResultKind.KEY, scope, problems);
        return expression == null ? null : bindings -> asKey(expression.value(bindings), scope.label());
    }

    private static String asKey(@Nullable Object value, String label) {
        if (value instanceof String text) {
            return limited(text, label);
        }
        if (value instanceof Number number && !(value instanceof BigDecimal)) {
            return limited(number.toString(), label);
        }
        throw new ExpressionException(label + ": its value is neither a text nor a whole number");
    }

    private static String limited(String key, String label) {
        if (key.isBlank() || key.length() > MOST_KEY_CHARACTERS) {
            throw new ExpressionException(
                    "%s: its value must have 1 to %d characters".formatted(label, MOST_KEY_CHARACTERS));
        }
        WireLimits.requireStorable(label, key);
        return key;
    }

    /** JSON with expressions for values. */
    @FunctionalInterface
    private interface Template {
        @Nullable
        Object value(Bindings bindings);
    }

    private Template object(Element element, Scope scope) {
        Map<String, Template> fields = new LinkedHashMap<>();
        Map<String, Element> entries = Fields.entries(element, scope.label(), problems);
        if (entries != null) {
            entries.forEach((name, value) -> fields.put(name, template(value, named(name, scope))));
        }
        return bindings -> {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            fields.forEach((name, value) -> object.put(name, value.value(bindings)));
            return object;
        };
    }

    private Template template(Element element, Scope scope) {
        if (element.node() instanceof MappingNode) {
            return object(element, scope);
        }
        if (element.node() instanceof SequenceNode sequence) {
            return list(element, sequence, scope);
        }
        Expression expression = compiler.compile(element, ResultKind.JSON, scope, problems);
        return expression == null ? bindings -> null : expression::value;
    }

    private Template list(Element element, SequenceNode sequence, Scope scope) {
        List<Template> items = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            items.add(template(element.child(i, sequence.getValue().get(i)), named(String.valueOf(i), scope)));
        }
        return bindings -> {
            List<@Nullable Object> list = new ArrayList<>();
            items.forEach(item -> list.add(item.value(bindings)));
            return list;
        };
    }

    /** {@code payload.amount of step 'pay'}, from the name of the field and the label of what it is a field of. */
    private static Scope named(String field, Scope owner) {
        boolean isNested = owner.label().startsWith("payload");
        String label = isNested
                ? owner.label().replaceFirst(" of ", "." + Matcher.quoteReplacement(field) + " of ")
                : field + " of " + owner.label();
        return new Scope(label, owner.variables(), owner.replied(), owner.steps());
    }

    @SuppressWarnings("unchecked") // an object template answers nothing else
    private static Map<String, Object> asObject(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
