package dev.counterstep.orchestrator.definition;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;

/**
 * Makes a definition of its source. Thread-safe.
 *
 * <ol>
 *   <li>{@link SourceText} reads YAML or JSON into nodes that know where they stand.
 *   <li>{@link Fields} checks names and values, {@link ExpressionCompiler} the expressions.
 *   <li>{@link StepRules} checks what must hold between steps.
 *   <li>Only when nothing is wrong, a {@link LoadedDefinition} is made, and {@link ExampleReader} tries it on its sample data.
 * </ol>
 */
final class DefinitionParser {

    static final List<String> FIELDS = List.of(
            "saga", "version", "start", "cancel", "timeout", "retry", "onStuckCompensation", "steps", "example");
    static final List<String> START_FIELDS = List.of("topic", "type", "businessKey", "when");
    static final List<String> CANCEL_FIELDS = List.of("topic", "type", "businessKey");
    private static final List<String> ON_STUCK = Stream.of(OnStuckCompensation.values())
            .map(choice -> choice.name().toLowerCase(Locale.ROOT))
            .toList();
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private final ExpressionCompiler compiler;

    /** @param limits what a command may measure */
    DefinitionParser(WireLimits limits) {
        this.compiler = new ExpressionCompiler(limits);
    }

    /**
     * Reads a definition.
     *
     * @param source YAML or JSON
     * @param origin what to call the source in the message of an error, such as a file name
     * @param allowed what it may refer to
     * @throws InvalidDefinitionException with all that is wrong
     */
    LoadedDefinition parse(String source, String origin, AllowList allowed) {
        Problems problems = new Problems();
        Element root = SourceText.read(source, problems);
        LoadedDefinition definition = root == null ? null : definition(root, source, allowed, problems);
        if (definition == null || !problems.isEmpty()) {
            throw new InvalidDefinitionException(origin, problems.sorted());
        }
        return definition;
    }

    private @Nullable LoadedDefinition definition(Element root, String source, AllowList allowed, Problems problems) {
        Fields fields = Fields.of(root, "a definition", FIELDS, problems);
        if (fields == null) {
            return null;
        }
        String name = fields.requireText("saga", StepReader.ID, StepReader.ID_RULE);
        fields.require("version");
        Integer version = fields.integer("version", 1, Integer.MAX_VALUE);
        Duration timeout = fields.duration("timeout", StepReader.LEAST_TIMEOUT, StepReader.MOST_TIMEOUT);
        StartTrigger start = start(fields, allowed, problems);
        CancelTrigger cancel = cancel(fields, allowed, problems);
        OnStuckCompensation onStuck = onStuckCompensation(fields, problems);
        RetryPolicy retry = StepReader.retry(fields, RetryPolicy.DEFAULT, problems);
        List<List<SagaStep>> groups =
                new StepReader(compiler, allowed, retry, problems).read(fields.list("steps", StepReader.MOST_STEPS));
        ExampleReader examples = new ExampleReader(problems);
        ExampleReader.Sample sample = examples.read(fields.find("example"));
        if (name == null || version == null || !problems.isEmpty()) {
            return null;
        }
        SagaDefinition saga = new SagaDefinition(name, version, timeout, onStuck, groups);
        DefinitionExample example = sample == null ? null : examples.play(sample, saga, start);
        return new LoadedDefinition(saga, start, cancel, CanonicalForm.checksum(root.node()), source, example);
    }

    private static OnStuckCompensation onStuckCompensation(Fields fields, Problems problems) {
        Element value = fields.find("onStuckCompensation");
        if (value == null) {
            return OnStuckCompensation.STOP;
        }
        if (value.isText() && ON_STUCK.contains(value.text())) {
            return OnStuckCompensation.valueOf(value.text().toUpperCase(Locale.ROOT));
        }
        problems.add(
                value,
                "'onStuckCompensation' is one of %s, not %s".formatted(Words.list(ON_STUCK), value.description()),
                value.isText() ? Words.nearest(value.text(), ON_STUCK) : null);
        return OnStuckCompensation.STOP;
    }

    private @Nullable StartTrigger start(Fields definition, AllowList allowed, Problems problems) {
        Fields fields = trigger(definition, "start", START_FIELDS, problems);
        if (fields == null) {
            return null;
        }
        String topic = topic(fields, allowed, problems);
        String type = fields.requireText("type", StepReader.TYPE, StepReader.TYPE_RULE);
        StepExpressionReader expressions = new StepExpressionReader(compiler, problems);
        Function<Bindings, String> key =
                expressions.key(fields.require("businessKey"), Scope.trigger("businessKey of 'start'"));
        Predicate<Bindings> when = expressions.condition(fields.find("when"), Scope.trigger("when of 'start'"));
        if (topic == null || type == null || key == null) {
            return null;
        }
        return new StartTrigger(topic, type, when == null ? input -> true : conditionOn(when), keyOn(key));
    }

    private @Nullable CancelTrigger cancel(Fields definition, AllowList allowed, Problems problems) {
        Fields fields = trigger(definition, "cancel", CANCEL_FIELDS, problems);
        if (fields == null) {
            return null;
        }
        String topic = topic(fields, allowed, problems);
        String type = fields.requireText("type", StepReader.TYPE, StepReader.TYPE_RULE);
        Function<Bindings, String> key = new StepExpressionReader(compiler, problems)
                .key(fields.require("businessKey"), Scope.trigger("businessKey of 'cancel'"));
        return topic == null || type == null || key == null ? null : new CancelTrigger(topic, type, keyOn(key));
    }

    private static @Nullable Fields trigger(Fields definition, String name, List<String> known, Problems problems) {
        Element value = definition.find(name);
        return value == null ? null : Fields.of(value, Words.quoted(name), known, problems);
    }

    private static @Nullable String topic(Fields trigger, AllowList allowed, Problems problems) {
        String topic = trigger.requireText("topic", TOPIC, "a topic's name");
        Set<String> known = allowed.topics();
        if (topic == null || known == null || known.contains(topic)) {
            return topic;
        }
        problems.add(
                Objects.requireNonNull(trigger.find("topic")),
                "events of topic %s are not read: counterstep.definitions.topics lists %s"
                        .formatted(
                                Words.quoted(topic),
                                Words.list(known.stream().sorted().toList())),
                Words.nearest(topic, known));
        return null;
    }

    private static Predicate<Map<String, Object>> conditionOn(Predicate<Bindings> condition) {
        return input -> condition.test(Bindings.of(input));
    }

    private static Function<Map<String, Object>, String> keyOn(Function<Bindings, String> key) {
        return input -> key.apply(Bindings.of(input));
    }
}
