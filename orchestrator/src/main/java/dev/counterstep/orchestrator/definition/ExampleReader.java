package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import dev.counterstep.orchestrator.definition.DefinitionExample.Command;
import dev.counterstep.orchestrator.saga.ExpressionException;
import dev.counterstep.orchestrator.saga.SagaData;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;

/** Reads the sample data of a definition and plays it through the definition's expressions. */
final class ExampleReader {

    static final List<String> FIELDS = List.of("input", "replies");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,299})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,299})(\\.\\d{1,300})?([eE][+-]?\\d{1,3})?");

    /** Stands for the saga id in sample data; a key that is the saga id is not shown. */
    private static final UUID NO_SAGA = new UUID(0, 0);

    private final Problems problems;

    ExampleReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Sample data.
     *
     * @param where the input, for what is found wrong later
     * @param input what the saga would be started with
     * @param replies what each step would answer
     * @param steps where each reply is
     */
    record Sample(
            Element where,
            Map<String, Object> input,
            Map<String, Map<String, Object>> replies,
            Map<String, Element> steps) {}

    /** The sample as it is written; null when there is none, or no valid one. */
    @Nullable
    Sample read(@Nullable Element example) {
        Fields fields = example == null ? null : Fields.of(example, "'example'", FIELDS, problems);
        Element input = fields == null ? null : fields.require("input");
        if (fields == null || input == null) {
            return null;
        }
        Map<String, Map<String, Object>> replies = new LinkedHashMap<>();
        Map<String, Element> steps = new LinkedHashMap<>();
        Element given = fields.find("replies");
        Map<String, Element> entries = given == null ? Map.of() : Fields.entries(given, "'replies'", problems);
        if (entries != null) {
            entries.forEach((step, reply) -> {
                replies.put(step, object(reply, "the reply of step " + Words.quoted(step)));
                steps.put(step, reply);
            });
        }
        return new Sample(input, object(input, "'input'"), replies, steps);
    }

    /** What the definition makes of the sample; null when it can make nothing of it, and then the problems say why. */
    @Nullable
    DefinitionExample play(Sample sample, SagaDefinition saga, @Nullable StartTrigger start) {
        List<String> ids = saga.steps().stream().map(SagaStep::id).toList();
        sample.steps().forEach((step, reply) -> {
            if (!ids.contains(step)) {
                problems.add(reply, "there is no step " + Words.quoted(step), Words.nearest(step, ids));
            }
        });
        try {
            if (start != null && !start.matches(sample.input())) {
                problems.add(sample.where(), "no saga is started for the example: when of 'start' is false");
                return null;
            }
            String businessKey = start == null ? "example" : start.businessKey(sample.input());
            return new DefinitionExample(businessKey, commands(sample, saga, businessKey));
        } catch (ExpressionException cause) {
            problems.add(sample.where(), "the example fails: " + cause.reason());
            return null;
        }
    }

    private static List<Command> commands(Sample sample, SagaDefinition saga, String businessKey) {
        List<Command> commands = new ArrayList<>();
        Map<String, Map<String, Object>> replies = new LinkedHashMap<>();
        for (List<SagaStep> group : saga.groups()) {
            SagaData data = new SagaData(NO_SAGA, saga.name(), businessKey, sample.input(), Map.copyOf(replies));
            for (SagaStep step : group) {
                if (step.action() == null) {
                    continue;
                }
                Command command = command(step, step.action(), data);
                commands.add(command);
                if (!command.skipped()) {
                    replies.put(step.id(), sample.replies().getOrDefault(step.id(), Map.of()));
                }
            }
        }
        return commands;
    }

    private static Command command(SagaStep step, String action, SagaData data) {
        if (!step.expressions().when().test(data)) {
            return new Command(step.id(), step.participant(), action, true, null, null);
        }
        String key = step.expressions().key().apply(data);
        Map<String, Object> payload = step.expressions().payload().apply(data);
        step.expressions().sendable().accept(payload);
        return new Command(
                step.id(), step.participant(), action, false, key.equals(NO_SAGA.toString()) ? null : key, payload);
    }

    private Map<String, Object> object(Element element, String what) {
        Map<String, Object> object = new LinkedHashMap<>();
        Map<String, Element> entries = Fields.entries(element, what, problems);
        if (entries != null) {
            entries.forEach((name, value) -> object.put(name, json(value)));
        }
        return object;
    }

    /** What is bare and reads as JSON is JSON; all else is a text. */
    private @Nullable Object json(Element element) {
        if (element.node() instanceof MappingNode) {
            return object(element, Words.quoted(element.pointer()));
        }
        if (element.node() instanceof SequenceNode sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < sequence.getValue().size(); i++) {
                list.add(json(element.child(i, sequence.getValue().get(i))));
            }
            return list;
        }
        String text = ((ScalarNode) element.node()).getValue();
        return element.isBare() ? bare(element, text) : text;
    }

    private static @Nullable Object bare(Element element, String text) {
        if (!element.isText()) {
            return null;
        }
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (WHOLE_NUMBER.matcher(text).matches()) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        }
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : text;
    }
}
