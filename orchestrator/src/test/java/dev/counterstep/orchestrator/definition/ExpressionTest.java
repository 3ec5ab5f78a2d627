package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.counterstep.orchestrator.saga.ExpressionException;
import dev.counterstep.orchestrator.saga.SagaData;
import dev.counterstep.orchestrator.saga.StepExpressions;

import static dev.counterstep.orchestrator.definition.DefinitionFixtures.data;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.problems;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.tested;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.withStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ExpressionTest {

    private static @Nullable Object payload(String expression, SagaData data) {
        return tested("action: a, payload: {x: \"" + expression + "\"}")
                .expressions()
                .payload()
                .apply(data)
                .get("x");
    }

    private static boolean when(String expression, Map<String, Object> input) {
        return tested("action: a, when: \"" + expression + "\"")
                .expressions()
                .when()
                .test(data(input));
    }

    private static String key(String expression, Map<String, Object> input) {
        return tested("action: a, key: \"" + expression + "\"")
                .expressions()
                .key()
                .apply(data(input));
    }

    @Test
    void aReferencedNumberComesOutAsItWentIn() {
        Map<String, Object> input = Map.of(
                "amount", new BigDecimal("199.90"),
                "huge", new BigDecimal("12345678901234567.89"),
                "count", 3,
                "long", 9_007_199_254_740_993L,
                "beyond", new BigInteger("123456789012345678901234567890"));

        assertThat(payload("input.amount", data(input))).isEqualTo(new BigDecimal("199.90"));
        assertThat(payload("input['huge']", data(input))).isEqualTo(new BigDecimal("12345678901234567.89"));
        assertThat(payload("input.count", data(input))).isEqualTo(3);
        assertThat(payload("input.long", data(input))).isEqualTo(9_007_199_254_740_993L);
        assertThat(payload("input.beyond", data(input))).isEqualTo(new BigInteger("123456789012345678901234567890"));
    }

    @Test
    void aNumberThatIsChosenKeepsItsValue() {
        Map<String, Object> input =
                Map.of("amount", new BigDecimal("199.90"), "huge", new BigDecimal("12345678901234567.89"), "count", 3);

        assertThat((BigDecimal) payload("input.count > 2 ? input.amount : 0", data(input)))
                .isEqualByComparingTo("199.90");
        assertThat(payload("input.count > 2 ? input.huge : 0", data(input)))
                .isEqualTo(new BigDecimal("12345678901234567.89"));
        assertThat(payload("input.count > 2 ? input.count : 0", data(input))).isEqualTo(3L);
    }

    @Test
    void numbersAreComparedByValue() {
        Map<String, Object> input = Map.of("amount", new BigDecimal("199.99"), "count", 5);

        assertThat(when("input.amount > 100 && input.amount == 199.99", input)).isTrue();
        assertThat(when("input.count == 5.0 && input.count in [4, 5]", input)).isTrue();
    }

    @Test
    void numbersAreComputedWith() {
        Map<String, Object> input = Map.of("amount", new BigDecimal("199.99"), "count", 5);

        assertThat(payload("input.amount * 2.0", data(input))).isEqualTo(new BigDecimal("399.98"));
        assertThat(payload("input.count * 2 + 1", data(input))).isEqualTo(11L);
        assertThat(payload("uint(input.count)", data(input))).isEqualTo(BigInteger.valueOf(5));
    }

    @Test
    void nullIsAValue() {
        Map<String, Object> input = new HashMap<>();
        input.put("address", null);

        assertThat(payload("input.address", data(input))).isNull();
        assertThat(when("input.address == null && has(input.address) && !has(input.other)", input))
                .isTrue();
    }

    @Test
    void aPayloadNestsAndMixesConstantsWithExpressions() {
        Map<String, Object> payload = tested(
                        "action: a, payload: {order: {id: input.orderId, lines: [{n: 1, product: input.productId}]}, note: \"'from ' + saga.businessKey\", saga: saga.id, definition: saga.definition, nothing: null}")
                .expressions()
                .payload()
                .apply(data(Map.of("orderId", "o-1", "productId", "p-1")));

        Map<String, Object> expected = new HashMap<>(Map.of(
                "order", Map.of("id", "o-1", "lines", List.of(Map.of("n", 1L, "product", "p-1"))),
                "note", "from order-1",
                "saga", "01890a5d-ac96-774b-bcce-b302099a8057",
                "definition", "test"));
        expected.put("nothing", null);
        assertThat(payload).isEqualTo(expected);
    }

    @Test
    void aComputedObjectIsPlainJson() {
        assertThat(payload("{'a': [input.x, null], 'b': {'c': true}}", data(Map.of("x", 1))))
                .isEqualTo(Map.of("a", Arrays.asList(1L, null), "b", Map.of("c", true)));
    }

    @Test
    void repliesOfEarlierStepsAreSeen() {
        SagaData data = data(Map.of(), Map.of("pay", Map.of("paymentId", "p-9")));

        assertThat(payload("steps.pay.paymentId", data)).isEqualTo("p-9");
        assertThat(payload("steps['pay'].paymentId", data)).isEqualTo("p-9");
        assertThat(payload("has(steps.pay) ? 'paid' : 'free'", data(Map.of()))).isEqualTo("free");
    }

    @Test
    void aKeyIsATextOrAWholeNumber() {
        assertThat(key("input.product", Map.of("product", "p-1"))).isEqualTo("p-1");
        assertThat(key("input.customer", Map.of("customer", 42))).isEqualTo("42");
        assertThat(key("input.customer % 10", Map.of("customer", 42))).isEqualTo("2");
        assertThatThrownBy(() -> key("input.amount", Map.of("amount", new BigDecimal("1.5"))))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("key of step 'tested': its value is neither a text nor a whole number");
        assertThatThrownBy(() -> key("input.product", Map.of("product", " ")))
                .hasMessage("key of step 'tested': its value must have 1 to 256 characters");
    }

    @Test
    void aMissingFieldIsNamedWithItsStepAndExpression() {
        assertThatThrownBy(() -> key("input.productId", Map.of()))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("key of step 'tested' (input.productId): there is no 'productId'");
        assertThatThrownBy(() -> payload("input.a.b + 'x'", data(Map.of("a", Map.of()))))
                .hasMessage("payload.x of step 'tested' (input.a.b + 'x'): there is no 'b'");
        assertThatThrownBy(() -> payload("steps.pay.id", data(Map.of())))
                .hasMessage("payload.x of step 'tested' (steps.pay.id): there is no 'pay'");
        assertThatThrownBy(() -> payload("input.a.b", data(Map.of("a", "text"))))
                .hasMessage("payload.x of step 'tested' (input.a.b): there is no 'b'");
    }

    @Test
    void whatCannotBeComputedIsToldWithoutTheData() {
        assertThatThrownBy(() -> payload("int(input.secret)", data(Map.of("secret", "s3cret"))))
                .hasMessage(
                        "payload.x of step 'tested' (int(input.secret)): its data does not have the form it asks for")
                .message()
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> payload("input.a / 0", data(Map.of("a", 1))))
                .hasMessageEndingWith("it divides by zero");
        assertThatThrownBy(() -> payload("input.a * 2", data(Map.of("a", new BigDecimal("1.5")))))
                .hasMessageContaining("No matching overload for function '_*_'");
        assertThatThrownBy(() -> payload("input.a[3]", data(Map.of("a", List.of(1)))))
                .hasMessageEndingWith("a list is shorter than it asks for");
        assertThatThrownBy(() -> when("input.a", Map.of("a", "yes")))
                .hasMessage("when of step 'tested': its value is neither true nor false");
    }

    @Test
    void evaluationIsBounded() {
        List<Integer> numbers = IntStream.range(0, 200).boxed().toList();

        assertThatThrownBy(() ->
                        when("input.n.all(a, input.n.all(b, input.n.all(c, a + b + c >= 0)))", Map.of("n", numbers)))
                .hasMessageEndingWith("it goes through more than 10000 list entries");
    }

    @Test
    void theTypeOfAResultIsCheckedWhenLoaded() {
        assertThat(problems(withStep("action: a, when: \"'yes'\"")))
                .containsExactly(
                        "5:53 when of step 'tested' must be true or false, but this expression is of type string");
        assertThat(problems(withStep("action: a, key: 1.5")))
                .containsExactly(
                        "5:52 key of step 'tested' must be a text or a whole number, but this expression is of type double");
        assertThat(problems(withStep("action: a, payload: {t: \"b'x'\"}")))
                .containsExactly(
                        "5:60 payload.t of step 'tested' must be a value that JSON can write, but this expression is of type bytes");
    }

    @Test
    void anUnknownNameIsGuessed() {
        assertThat(problems(withStep("action: a, key: inputs.id")))
                .containsExactly("5:52 key of step 'tested': unknown name 'inputs'; did you mean 'input'?");
        assertThat(problems(withStep("action: a, payload: {x: \"1 + nope\"}")))
                .containsExactly("5:65 payload.x of step 'tested': unknown name 'nope'");
        assertThat(problems(withStep("action: a, payload: {x: 'EUR'}")))
                .containsExactly(
                        "5:61 payload.x of step 'tested': unknown name 'EUR'; did you mean the text \"'EUR'\"?");
        assertThat(problems(withStep("action: a, key: saga.businesskey")))
                .containsExactly(
                        "5:52 'saga' has no field 'businesskey', it has 'id', 'definition', 'businessKey'; did you mean 'businessKey'?");
    }

    @Test
    void onlyRepliesOfEarlierStepsCanBeReferredTo() {
        assertThat(problems(withStep("action: a, key: steps.tested.id")))
                .containsExactly(
                        "5:52 step 'tested' has no reply by then: only steps of earlier groups that have an action do");
        assertThat(problems(withStep("action: a, key: steps.payy.id")))
                .containsExactly("5:52 there is no step 'payy'; did you mean 'pay'?");
        assertThat(problems(withStep("action: a, when: size(steps) > 0")))
                .containsExactly("5:58 name the step: steps.<id>, or steps['<id>'] when the id has a hyphen");
    }

    @Test
    void aHyphenInAStepIdIsExplained() {
        assertThat(problems("""
                        saga: test
                        version: 1
                        steps:
                        - {id: take-stock, participant: inventory, action: a}
                        - {id: b, participant: order, action: b, key: steps.take-stock.id}
                        """))
                .containsExactly("5:58 key of step 'b': unknown name 'stock'; did you mean steps['take-stock']?");
    }

    @Test
    void aLongExpressionIsRefused() {
        assertThat(problems(withStep("action: a, when: \"" + "true || ".repeat(125) + "true\"")))
                .containsExactly("5:53 an expression has at most 1000 characters, this one has 1004");
    }

    @Test
    void aTextOverSeveralLinesIsPointedToAtItsStart() {
        assertThat(problems("""
                        saga: test
                        version: 1
                        steps:
                        - id: a
                          participant: order
                          action: a
                          when: >
                            true &&
                            nope
                        """)).containsExactly("7:9 when of step 'a': unknown name 'nope'");
    }

    @Test
    void aBodyThatCannotBeSentIsRefused() {
        assertThatThrownBy(() -> send("{x: input.text + input.text}", Map.of("text", "x".repeat(33_000))))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("the command of step 'tested' has a body of 66008 bytes, at most 65536 can be sent");
        assertThatThrownBy(() -> send("{x: \"'\\\\u0000'\"}", Map.of()))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("the command of step 'tested' has a text with");
        assertThatThrownBy(() -> send("{x: {y: input.deep}}", Map.of("deep", nested(31))))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("the command of step 'tested' has a body that nests deeper than 32 levels");
        assertThatThrownBy(() -> key("'\\\\u0000'", Map.of())).isInstanceOf(ExpressionException.class);
    }

    @Test
    void aBodyWithinTheLimitsIsSent() {
        send("{x: input.text}", Map.of("text", "x".repeat(65_528)));
        send("{x: {y: input.deep}}", Map.of("deep", nested(30)));
        send("{x: input.n, y: input.n}", Map.of("n", new BigDecimal("1.5")));
    }

    /** What the core does with a step's payload. */
    private static void send(String payload, Map<String, Object> input) {
        StepExpressions expressions = tested("action: a, payload: " + payload).expressions();
        expressions.sendable().accept(expressions.payload().apply(data(input)));
    }

    private static Object nested(int levels) {
        Object nested = Map.of();
        for (int level = 1; level < levels; level++) {
            nested = List.of(nested);
        }
        return nested;
    }
}
