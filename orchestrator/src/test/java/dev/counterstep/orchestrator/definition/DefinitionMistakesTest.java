package dev.counterstep.orchestrator.definition;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.counterstep.orchestrator.definition.DefinitionFixtures.problems;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.withStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What people get wrong, each with all that they are told: line, column, what is wrong, and what was probably meant. */
class DefinitionMistakesTest {

    private static final String HEAD = "saga: t\nversion: 1\n";
    private static final String STEP = "- {id: a, participant: order, action: b}\n";

    private static Stream<Arguments> inNamesAndValues() {
        return Stream.of(
                arguments(
                        withStep("action: a, compensate: b"),
                        "5:47 a step has no field 'compensate'; did you mean 'compensation'?"),
                arguments(
                        HEAD + "deadline: 5m\nsteps:\n" + STEP,
                        "3:1 a definition has no field 'deadline', it has 'saga', 'version', 'start', 'cancel', 'timeout', 'retry', 'onStuckCompensation', 'steps', 'example'"),
                arguments(
                        HEAD + "start: {topic: order.events, type: t, business_key: input.id}\nsteps:\n" + STEP,
                        "3:8 'start' needs the field 'businessKey'|3:39 'start' has no field 'business_key'; did you mean 'businessKey'?"),
                arguments(
                        withStep("action: a, kind: retryable"),
                        "5:53 'kind' is one of 'compensatable', 'pivot', 'retriable', not 'retryable'; did you mean 'retriable'?"),
                arguments(
                        HEAD + "steps:\n- {id: a, participant: odrer, action: b}\n",
                        "4:24 'odrer' is not a participant: counterstep.participants lists 'delivery', 'inventory', 'order', 'payment'; did you mean 'order'?"),
                arguments(HEAD + "steps:\n" + STEP + STEP, "5:8 the id 'a' is taken by the step on line 4"),
                arguments(withStep("action: a, id: b"), "5:47 a step has 'id' twice"),
                arguments(
                        "saga: t\nversion: 0\nsteps:\n" + STEP,
                        "2:10 'version' is a whole number from 1 to 2147483647, not '0'"),
                arguments(HEAD + "steps:\n- parallel: []\n", "4:13 'parallel' is a list with at least one entry"),
                arguments(
                        HEAD + "steps:\n- paralel:\n  " + STEP,
                        "4:3 a parallel group has no field 'paralel'; did you mean 'parallel'?"),
                arguments(
                        withStep("action: a, timeout: 30"),
                        "5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not '30'; did you mean '30s'?"),
                arguments(
                        withStep("action: a, timeout: 5 min"),
                        "5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not '5 min'; did you mean '5m'?"),
                arguments(
                        withStep("action: a, timeout: 250millis"),
                        "5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not '250millis'; did you mean '250ms'?"),
                arguments(
                        withStep("action: a, timeout: PT30S"),
                        "5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not 'PT30S'; did you mean '30s'?"),
                arguments(
                        withStep("action: a, timeout: soon"),
                        "5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not 'soon'"));
    }

    private static Stream<Arguments> inKinds() {
        return Stream.of(
                arguments(
                        HEAD
                                + "steps:\n- {id: a, participant: order, action: b, kind: pivot}\n- {id: c, participant: order, action: d, kind: pivot}\n",
                        "5:48 step 'c' is a second pivot: there is at most one"),
                arguments(
                        HEAD
                                + "steps:\n- {id: a, participant: order, action: b, kind: retriable}\n- {id: c, participant: order, action: d, kind: pivot}\n",
                        "4:48 step 'a' is retriable but no pivot comes before it"),
                arguments(
                        HEAD
                                + "steps:\n- {id: a, participant: order, action: b, kind: pivot}\n- {id: c, participant: order, action: d, kind: retriable, compensation: e}\n",
                        "5:73 a retriable step is never undone: it has no compensation"));
    }

    private static Stream<Arguments> inExpressions() {
        return Stream.of(
                arguments(
                        withStep("action: a, when: \"input.x = 'a'\""),
                        "5:62 when of step 'tested' is not valid: '=' is no part of CEL; did you mean '=='?"),
                arguments(
                        withStep("action: a, when: \"input.x and input.y\""),
                        "5:62 when of step 'tested' is not valid: 'and' is not expected here; did you mean '&&'?"),
                arguments(
                        withStep("action: a, key: 'input.x +'"),
                        "5:62 key of step 'tested' is not valid: it ends where a value is expected"),
                arguments(
                        withStep("action: a, key: \"(input.x\""),
                        "5:61 key of step 'tested' is not valid: ')' is missing"),
                arguments(
                        withStep("action: a, key: \"'abc\""),
                        "5:53 key of step 'tested' is not valid: a text begins here that does not end (between { and }, an expression with a comma in it must be quoted)"),
                arguments(
                        HEAD
                                + "steps:\n- id: a\n  participant: order\n  action: b\n  payload:\n    deep:\n      - input.x ==\n",
                        "9:19 payload.deep.0 of step 'a' is not valid: it ends where a value is expected"),
                arguments(
                        withStep("action: a, when: \"inptu.x == 'a'\""),
                        "5:54 when of step 'tested': unknown name 'inptu'; did you mean 'input'?"),
                arguments(
                        withStep("action: a, key: sise(input.x)"),
                        "5:52 key of step 'tested': unknown name 'sise'; did you mean 'size'?"),
                arguments(
                        withStep("action: a, when: yes"),
                        "5:53 when of step 'tested': unknown name 'yes'; did you mean 'true'?"),
                arguments(
                        withStep("action: a, payload: {x: order-1}"),
                        "5:60 payload.x of step 'tested': unknown name 'order'; did you mean the text \"'order-1'\"?"),
                arguments(withStep("action: a, key: steps.pya.id"), "5:52 there is no step 'pya'; did you mean 'pay'?"),
                arguments(
                        withStep("action: a, key: steps.tested.id"),
                        "5:52 step 'tested' has no reply by then: only steps of earlier groups that have an action do"),
                arguments(
                        HEAD
                                + "steps:\n- {id: a, participant: order, action: b, key: steps.c.id}\n- {id: c, participant: order, action: d}\n",
                        "4:47 step 'c' has no reply by then: only steps of earlier groups that have an action do"),
                arguments(
                        withStep("action: a, key: saga.businesKey"),
                        "5:52 'saga' has no field 'businesKey', it has 'id', 'definition', 'businessKey'; did you mean 'businessKey'?"),
                arguments(
                        withStep("action: a, when: \"'a' + 'b'\""),
                        "5:53 when of step 'tested' must be true or false, but this expression is of type string"),
                arguments(
                        withStep("action: a, when: \"1 && true\""),
                        "5:56 when of step 'tested' is not valid: found no matching overload for '&&' applied to '(int, bool)'"),
                arguments(
                        withStep("action: a, when: \"" + "true || ".repeat(125) + "true\""),
                        "5:53 an expression has at most 1000 characters, this one has 1004"));
    }

    private static Stream<Arguments> inForm() {
        return Stream.of(
                arguments(
                        HEAD + "steps:\n\t" + STEP,
                        "4:1 not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                arguments(
                        HEAD + "steps:\n- id: a\n   participant: order\n",
                        "5:15 not YAML: mapping values are not allowed here (a value that has ': ' in it must be quoted, and the fields of a mapping are indented alike)"),
                arguments(
                        HEAD + "steps:\n  - id: a\n participant: order\n",
                        "5:2 not YAML: expected <block end>, but found '<block mapping start>' (the fields of a mapping are indented alike)"),
                arguments(
                        HEAD + "steps:\n- {id: a, participant: order, action: b\n",
                        "5:1 not YAML: expected ',' or '}', but got <stream end> (a bracket is not closed)"),
                arguments(
                        HEAD + "steps:\n- {id: a, participant: order, action: b, key: input['a']}\n",
                        "4:52 not YAML: expected ',' or '}', but got [ (between { and }, a value that has brackets, quotes or commas in it must be quoted)"),
                arguments(
                        "{\"saga\": \"t\", \"version\": 1,\n \"steps\": [{\"id\": \"a\" \"participant\": \"order\"}]}",
                        "2:23 not YAML: expected ',' or '}', but got <scalar> (between { and }, a value that has brackets, quotes or commas in it must be quoted)"));
    }

    private static Stream<Arguments> inExamples() {
        String start = "start: {topic: order.events, type: t, businessKey: input.id, when: input.n > 1}\n";
        String steps = "steps:\n" + STEP
                + "- {id: c, participant: order, action: d, key: steps.a.n, payload: {x: input.text + input.text}}\n";
        return Stream.of(
                arguments(
                        HEAD + start + steps + "example: {input: {n: 2}}\n",
                        "7:18 the example fails: businessKey of 'start' (input.id): there is no 'id'"),
                arguments(
                        HEAD + start + steps + "example: {input: {id: o-1, n: 1}}\n",
                        "7:18 no saga is started for the example: when of 'start' is false"),
                arguments(
                        HEAD + steps + "example:\n  input: {text: x}\n",
                        "7:10 the example fails: key of step 'c' (steps.a.n): there is no 'n'"),
                arguments(
                        HEAD + steps + "example:\n  input: {text: x}\n  replies:\n    aa: {n: 1}\n    a: {n: 7}\n",
                        "9:9 there is no step 'aa'; did you mean 'a'?"),
                arguments(
                        HEAD
                                + steps
                                + "example:\n  input: {text: %s}\n  replies: {a: {n: 7}}\n"
                                        .formatted("x".repeat(40_000)),
                        "7:10 the example fails: the command of step 'c' has a body of 80008 bytes, at most 65536 can be sent"),
                arguments(HEAD + steps + "example: {input: 7}\n", "6:18 'input' is a mapping, not '7'"));
    }

    @ParameterizedTest
    @MethodSource({"inNamesAndValues", "inKinds", "inExpressions", "inForm", "inExamples"})
    void mistakeIsToldWithItsPlaceAndWhatWasMeant(String source, String told) {
        assertThat(problems(source)).containsExactly(told.split("\\|(?=\\d)"));
    }
}
