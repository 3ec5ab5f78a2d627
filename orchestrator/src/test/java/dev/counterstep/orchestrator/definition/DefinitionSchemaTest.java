package dev.counterstep.orchestrator.definition;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static dev.counterstep.orchestrator.definition.DefinitionFixtures.problems;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.shipped;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.withStep;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The JSON Schema and the parser say the same. {@link DefinitionFixtures} adds that of every source in the tests of this package:
 * what the parser takes, the schema takes.
 */
class DefinitionSchemaTest {

    private static final String STEP = "steps: [{id: a, participant: order, action: b}]\n";

    @ParameterizedTest
    @ValueSource(strings = {"order-fulfilment.yaml", "payment-first-order.yaml"})
    void shippedDefinitionsAreValidAndNameTheSchema(String name) {
        assertThat(DefinitionSchema.errors(shipped(name))).isEmpty();
        assertThat(shipped(name))
                .startsWith(
                        "# yaml-language-server: $schema=../../../../../docs/schemas/saga-definition.schema.json\n");
    }

    @Test
    void everyFieldAtOnceIsValid() {
        String source = """
                saga: everything
                version: 3
                start: {topic: order.events, type: order.created, businessKey: input.id, when: true}
                cancel: {topic: order.events, type: order.off, businessKey: "'o-' + input.id"}
                timeout: 1h
                steps:
                  - {id: before, participant: order, compensation: order.cancel}
                  - parallel:
                      - {id: left, participant: order, action: order.left, when: "input.n > 1", key: 42}
                      - {id: right, participant: payment, action: pay, compensation: pay.back, timeout: 500ms,
                         retry: {attempts: 3, backoff: 1s, multiplier: 1.5, max: 2s, jitter: 0.5},
                         payload: {n: 1, x: 1.5, t: true, nothing: null, list: [input.n, {deep: input.n}]}}
                  - {id: point, participant: delivery, action: go, compensation: stop, kind: pivot}
                  - {id: after, participant: order, action: order.complete, kind: retriable}
                example: {input: {id: '7', n: 2}, replies: {left: {ok: true}}}
                """;
        assertThat(problems(source)).isEmpty();
        assertThat(DefinitionSchema.errors(source)).isEmpty();
    }

    private static Stream<String> broken() {
        return Stream.of(
                "saga: t\n" + STEP,
                "version: 1\n" + STEP,
                "saga: t\nversion: 1\n",
                "saga: t\nversion: 0\n" + STEP,
                "saga: t\nversion: v1\n" + STEP,
                "saga: my saga\nversion: 1\n" + STEP,
                "saga: t\nversion: 1\nsteps: []\n",
                "saga: t\nversion: 1\nsteps: {a: 1}\n",
                "saga: t\nversion: 1\nnewfangled: true\n" + STEP,
                "saga: t\nversion: 1\ntimeout: 30\n" + STEP,
                "saga: t\nversion: 1\nstart: {topic: order.events, type: t}\n" + STEP,
                "saga: t\nversion: 1\ncancel: {topic: order.events, type: t, businessKey: input.id, when: true}\n"
                        + STEP,
                "saga: t\nversion: 1\nsteps:\n- parallel: []\n",
                "saga: t\nversion: 1\nsteps:\n- parallel: [{parallel: [{id: a, participant: order, action: b}]}]\n",
                "saga: t\nversion: 1\nsteps:\n- parallel: [{id: a, participant: order, action: b}]\n  id: b\n",
                "saga: t\nversion: 1\n" + STEP + "example: {replies: {}}\n",
                "saga: t\nversion: 1\n" + STEP + "example: {input: 1}\n",
                "saga: t\nversion: 1\n" + STEP + "example: {input: {}, output: {}}\n",
                withStep("kind: pivot"),
                withStep("action: a, kind: retryable"),
                withStep("compensation: a, kind: pivot"),
                withStep("action: a, compensation: b, kind: retriable"),
                withStep("compensation: a, when: true"),
                withStep("action: 9"),
                withStep("action: a, timeout: 30 s"),
                withStep("action: a, retry: 5"),
                withStep("action: a, retry: {attempts: 0}"),
                withStep("action: a, retry: {jitter: 2}"),
                withStep("action: a, retry: {attemps: 2}"),
                withStep("action: a, payload: input"),
                withStep("action: a, key: [input.x]"),
                withStep("action: a, when: {x: true}"),
                withStep("action: a, when: \"" + "true || ".repeat(125) + "true\""),
                "[]",
                "word");
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenDefinitionIsRefusedByBoth(String source) {
        assertThat(problems(source)).as("parser").isNotEmpty();
        assertThat(DefinitionSchema.errors(source)).as("schema").isNotEmpty();
    }

    @Test
    void schemaHasTheFieldsOfTheParserAndNoOthers() {
        JsonNode schema = DefinitionSchema.document();
        JsonNode definitions = schema.path("$defs");
        assertThat(fields(schema)).isEqualTo(set(DefinitionParser.FIELDS));
        assertThat(fields(schema.at("/properties/start"))).isEqualTo(set(DefinitionParser.START_FIELDS));
        assertThat(fields(schema.at("/properties/cancel"))).isEqualTo(set(DefinitionParser.CANCEL_FIELDS));
        assertThat(fields(schema.at("/properties/example"))).isEqualTo(set(ExampleReader.FIELDS));
        assertThat(fields(definitions.path("parallel"))).isEqualTo(set(StepReader.GROUP_FIELDS));
        assertThat(fields(definitions.path("retry"))).isEqualTo(set(StepReader.RETRY_FIELDS));
        Set<String> step = set(StepReader.FIELDS);
        step.removeAll(StepReader.GROUP_FIELDS);
        assertThat(fields(definitions.path("step"))).isEqualTo(step);
        assertThat(definitions.at("/step/properties/kind/enum").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(StepReader.KINDS);
    }

    @Test
    void everyFieldIsDescribedForEditors() {
        JsonNode schema = DefinitionSchema.document();
        List<JsonNode> objects = List.of(
                schema,
                schema.at("/properties/start"),
                schema.at("/properties/cancel"),
                schema.at("/properties/example"),
                schema.at("/$defs/parallel"),
                schema.at("/$defs/step"),
                schema.at("/$defs/retry"));
        assertThat(objects).allSatisfy(object -> {
            assertThat(object.path("additionalProperties").asBoolean(true)).isFalse();
            object.path("properties")
                    .properties()
                    .forEach(field -> assertThat(description(schema, field.getValue()))
                            .as(field.getKey())
                            .isNotBlank());
        });
    }

    private static String description(JsonNode schema, JsonNode field) {
        JsonNode own = field.path("description");
        String reference = field.path("$ref").asString("");
        return own.isMissingNode() && !reference.isEmpty()
                ? schema.at(reference.substring(1)).path("description").asString("")
                : own.asString("");
    }

    private static Set<String> fields(JsonNode object) {
        return set(Objects.requireNonNull(object.path("properties")).propertyNames());
    }

    private static Set<String> set(Iterable<String> names) {
        Set<String> set = new TreeSet<>();
        names.forEach(set::add);
        return set;
    }
}
