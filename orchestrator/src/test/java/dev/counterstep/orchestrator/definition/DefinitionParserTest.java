package dev.counterstep.orchestrator.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepKind;

import static dev.counterstep.orchestrator.definition.DefinitionFixtures.parse;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.problems;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.shipped;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.tested;
import static dev.counterstep.orchestrator.definition.DefinitionFixtures.withStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DefinitionParserTest {

    @Test
    void orderFulfilmentIsReadAsWritten() {
        LoadedDefinition definition = parse(shipped("order-fulfilment.yaml"));
        SagaDefinition saga = definition.saga();

        assertThat(saga.reference()).isEqualTo("order-fulfilment:1");
        assertThat(saga.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(saga.groups().stream()
                        .map(group -> group.stream().map(SagaStep::id).toList()))
                .containsExactly(
                        List.of("order"),
                        List.of("validate-customer", "validate-product"),
                        List.of("reserve-inventory"),
                        List.of("process-payment"),
                        List.of("schedule-delivery"),
                        List.of("complete-order"));
        SagaStep reserve = saga.step("reserve-inventory");
        assertThat(reserve.participant()).isEqualTo("inventory");
        assertThat(reserve.action()).isEqualTo("inventory.reserve");
        assertThat(reserve.compensation()).isEqualTo("inventory.release");
        assertThat(reserve.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(reserve.retry())
                .isEqualTo(new RetryPolicy(5, Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.2));
        assertThat(saga.step("order").action()).isNull();
        assertThat(saga.steps().stream().map(SagaStep::kind))
                .containsExactly(
                        StepKind.COMPENSATABLE,
                        StepKind.COMPENSATABLE,
                        StepKind.COMPENSATABLE,
                        StepKind.COMPENSATABLE,
                        StepKind.COMPENSATABLE,
                        StepKind.PIVOT,
                        StepKind.RETRIABLE);
    }

    @Test
    void retryOfADefinitionHoldsFieldByFieldWhereAStepDoesNotSayOtherwise() {
        String source = withStep("action: order.do, retry: {attempts: 9, backoff: 7s}")
                .replace("steps:", "retry: {attempts: 3, backoff: 2s, max: 5s, jitter: 0}\nsteps:");
        SagaDefinition saga = parse(source).saga();

        assertThat(saga.step("pay").retry())
                .isEqualTo(new RetryPolicy(3, Duration.ofSeconds(2), 2, Duration.ofSeconds(5), 0));
        assertThat(saga.step("tested").retry())
                .as("max is at least the backoff")
                .isEqualTo(new RetryPolicy(9, Duration.ofSeconds(7), 2, Duration.ofSeconds(7), 0));
    }

    @Test
    void stuckCompensationStopsTheOthersUnlessTheDefinitionSaysContinue() {
        String source = withStep("action: order.do");
        assertThat(parse(source).saga().onStuckCompensation()).isEqualTo(OnStuckCompensation.STOP);
        assertThat(parse("onStuckCompensation: stop\n" + source).saga().onStuckCompensation())
                .isEqualTo(OnStuckCompensation.STOP);
        assertThat(parse("onStuckCompensation: continue\n" + source).saga().onStuckCompensation())
                .isEqualTo(OnStuckCompensation.CONTINUE);
    }

    @Test
    void whatBecomesOfStuckCompensationsIsOneOfTwoWords() {
        assertThat(problems("onStuckCompensation: contine\n" + withStep("action: order.do")))
                .containsExactly("1:22 'onStuckCompensation' is one of 'stop', 'continue', not 'contine';"
                        + " did you mean 'continue'?");
        assertThat(problems("onStuckCompensation: [stop]\n" + withStep("action: order.do")))
                .containsExactly("1:22 'onStuckCompensation' is one of 'stop', 'continue', not a list");
    }

    @Test
    void theFlowOfAnOrderChoosesItsDefinition() {
        StartTrigger fulfilment =
                Objects.requireNonNull(parse(shipped("order-fulfilment.yaml")).start());
        StartTrigger paymentFirst = Objects.requireNonNull(
                parse(shipped("payment-first-order.yaml")).start());
        Map<String, Object> order = Map.of("orderId", "o-1", "flow", "payment-first-order");

        assertThat(fulfilment.matches(order)).isFalse();
        assertThat(paymentFirst.matches(order)).isTrue();
        assertThat(paymentFirst.businessKey(order)).isEqualTo("o-1");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        SagaStep step = tested("action: order.do");

        assertThat(step.kind()).isEqualTo(StepKind.COMPENSATABLE);
        assertThat(step.timeout()).isEqualTo(SagaStep.DEFAULT_TIMEOUT);
        assertThat(step.retry()).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(parse(withStep("action: order.do")).saga().timeout()).isNull();
        assertThat(parse(withStep("action: order.do")).start()).isNull();
    }

    @Test
    void durationsHaveUnits() {
        assertThat(tested("action: a, timeout: 500ms").timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(tested("action: a, timeout: 90s").timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(tested("action: a, timeout: 10m").timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(tested("action: a, timeout: 1h").timeout()).isEqualTo(Duration.ofHours(1));
        assertThat(tested("action: a, timeout: 7d").timeout()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void aLongBackoffRaisesTheDefaultMaximum() {
        assertThat(tested("action: a, retry: {backoff: 2m}").retry().max()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void jsonIsReadLikeYaml() {
        String yaml =
                "saga: test\nversion: 2 # comment\nsteps:\n  - id: pay\n    participant: payment\n    action: payment.process\n    payload: {half: 'input.amount / 2', note: '\"a/b\"'}\n";
        String json = """
                {
                \t"version": 2,
                \t"saga": "test",
                \t"steps": [{"participant": "payment", "id": "pay", "action": "payment.process",
                \t           "payload": {"half": "input.amount \\/ 2", "note": "\\"a\\/b\\""}}]
                }
                """;

        assertThat(parse(json).checksum()).isEqualTo(parse(yaml).checksum());
        assertThat(parse(json).saga().step("pay").action()).isEqualTo("payment.process");
    }

    @Test
    void aTrailingCommaIsYamlAndNoMistake() {
        assertThat(
                        problems(
                                "{\"saga\": \"t\", \"version\": 1, \"steps\": [{\"id\": \"a\", \"participant\": \"order\", \"action\": \"b\"},],}"))
                .isEmpty();
    }

    @Test
    void theExampleIsNoPartOfTheContent() {
        String source = withStep("action: order.do");
        String sample = "example: {input: {n: 1}}\n";

        assertThat(parse(source + sample).checksum()).isEqualTo(parse(source).checksum());
        assertThat(parse(source.replace("action: order.do", "action: order.do, payload: {example: input.example}"))
                        .checksum())
                .isNotEqualTo(parse(source).checksum());
    }

    @Test
    void theExampleShowsWhatWouldBeSent() {
        DefinitionExample example = Objects.requireNonNull(parse("""
                saga: test
                version: 1
                start: {topic: order.events, type: t, businessKey: input.id, when: input.amount > 1.5}
                steps:
                - {id: order, participant: order, compensation: order.cancel}
                - {id: pay, participant: payment, action: pay, key: input.id}
                - {id: gift, participant: order, action: wrap, when: input.gift}
                - {id: send, participant: delivery, action: go, payload: {paid: steps.pay.ref, gift: has(steps.gift), all: input}}
                example:
                  input: {id: o-1, amount: 1.50e1, n: 7, big: 123456789012345678901, gift: false, none: null, text: '7', list: [1, yes]}
                  replies: {pay: {ref: p-1}, gift: {never: seen}}
                """).example());

        Map<String, Object> input = new LinkedHashMap<>();
        input.put("id", "o-1");
        input.put("amount", new BigDecimal("1.50e1"));
        input.put("n", 7L);
        input.put("big", new BigInteger("123456789012345678901"));
        input.put("gift", false);
        input.put("none", null);
        input.put("text", "7");
        input.put("list", List.of(1L, "yes"));
        assertThat(example.businessKey()).isEqualTo("o-1");
        assertThat(example.commands())
                .containsExactly(
                        new DefinitionExample.Command("pay", "payment", "pay", false, "o-1", input),
                        new DefinitionExample.Command("gift", "order", "wrap", true, null, null),
                        new DefinitionExample.Command(
                                "send",
                                "delivery",
                                "go",
                                false,
                                null,
                                Map.of("paid", "p-1", "gift", false, "all", input)));
    }

    @Test
    void theChecksumTellsOtherContentFromOtherLayout() {
        String source = withStep("action: order.do, timeout: 5s");

        assertThat(parse("# a comment\n" + source.replace("version: 1", "version:   '1'"))
                        .checksum())
                .isEqualTo(parse(source).checksum());
        assertThat(parse(source.replace("5s", "6s")).checksum())
                .isNotEqualTo(parse(source).checksum());
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheSource() {
        assertThat(problems("""
                        saga: test
                        versoin: 1
                        steps:
                          - id: pay
                            participant: paymnt
                            action: payment.process
                            timeout: 30
                          - id: pay
                            participant: order
                            kind: pivott
                            action: order.do
                            when: input.
                        """))
                .containsExactly(
                        "1:1 a definition needs the field 'version'",
                        "2:1 a definition has no field 'versoin'; did you mean 'version'?",
                        "5:18 'paymnt' is not a participant: counterstep.participants lists 'delivery', 'inventory', 'order', 'payment'; did you mean 'payment'?",
                        "7:14 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not '30'; did you mean '30s'?",
                        "8:9 the id 'pay' is taken by the step on line 4",
                        "10:11 'kind' is one of 'compensatable', 'pivot', 'retriable', not 'pivott'; did you mean 'pivot'?",
                        "12:17 when of step 'pay' is not valid: '.' is not expected here");
    }

    @Test
    void theMessageOfTheErrorListsEveryProblemWithItsPlace() {
        assertThatThrownBy(() -> parse("saga: 1x\nversion: 0\nsteps: []\n")).hasMessage("""
                        the source is not a valid saga definition:
                          line 1, column 7: 'saga' is a name of letters, digits, '-' and '_', at most 64, a letter first, not '1x'
                          line 2, column 10: 'version' is a whole number from 1 to 2147483647, not '0'
                          line 3, column 8: 'steps' is a list with at least one entry""");
    }

    @Test
    void problemsPointIntoTheDocument() {
        assertThatThrownBy(() -> parse(withStep("action: a, payload: {a: {b~c: nope.x}}")))
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        invalid -> assertThat(invalid.problems())
                                .extracting(DefinitionProblem::pointer)
                                .containsExactly("/steps/1/payload/a/b~0c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1:1 the source is empty |",
                "1:7 not YAML: expected the node content, but found '<stream end>' | a: [1,",
                "2:3 not YAML: mapping values are not allowed here (a value that has ': ' in it must be quoted, and the fields of a mapping are indented alike) | a: 1~ b: 2",
                "2:1 not YAML: but found another document | a: 1~---~b: 2",
                "1:4 anchors and aliases are not supported: write the value out | a: &x 1",
                "1:4 the tag !!binary is not supported: write the plain value | a: !!binary x",
                "1:1 a definition is a mapping, not 'word' | word",
                "1:1 a definition is a mapping, not a list | [1, 2]",
            })
    void whatIsNoMappingIsRefused(String expectation) {
        String[] parts = expectation.split("\\|", 2);
        String source = parts[1].replaceFirst("^ ", "").replace('~', '\n');

        assertThat(problems(source)).first().asString().startsWith(parts[0].strip());
    }

    @Test
    void aFieldGivenTwiceIsRefused() {
        assertThat(problems(withStep("action: a, timeout: 1s, timeout: 2s")))
                .containsExactly("5:60 a step has 'timeout' twice");
    }

    @Test
    void aSourceOver64KiBIsRefusedUnread() {
        assertThat(problems("# " + "x".repeat(65_536)))
                .containsExactly("1:1 a definition may have 65536 bytes, this one has 65538");
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(problems("a: " + "[".repeat(20) + "]".repeat(20)))
                .singleElement()
                .asString()
                .containsIgnoringCase("nesting");
    }

    @Test
    void moreThan50StepsAreRefused() {
        StringBuilder source = new StringBuilder("saga: test\nversion: 1\nsteps:\n- parallel:\n");
        for (int i = 1; i <= 49; i++) {
            source.append("  - {id: s%d, participant: order, action: a}\n".formatted(i));
        }
        source.append("- {id: s50, participant: order, action: a}\n");
        assertThat(problems(source.toString())).isEmpty();

        source.append("- {id: s51, participant: order, action: a}\n");
        assertThat(problems(source.toString()))
                .containsExactly("55:3 a definition has at most 50 steps, this one has 51");
    }

    @Test
    void aTopicThatIsNotAllowedIsRefused() {
        assertThat(
                        problems(
                                "saga: test\nversion: 1\nstart: {topic: orders.events, type: t, businessKey: input.id}\nsteps:\n- {id: a, participant: order, action: b}\n"))
                .containsExactly(
                        "3:16 events of topic 'orders.events' are not read: counterstep.definitions.topics lists 'order.events'; did you mean 'order.events'?");
    }

    @Test
    void aTriggerNeedsABusinessKeyOfTheEventAlone() {
        assertThat(
                        problems(
                                "saga: test\nversion: 1\nstart: {topic: order.events, type: t}\ncancel: {topic: order.events, type: c, businessKey: saga.id}\nsteps:\n- {id: a, participant: order, action: b}\n"))
                .containsExactly(
                        "3:8 'start' needs the field 'businessKey'",
                        "4:53 businessKey of 'cancel' can only refer to 'input'");
    }

    @Test
    void retriesStayWithinTheirLimits() {
        assertThat(problems(
                        withStep("action: a, retry: {attempts: 0, jitter: 1.5, multiplier: x, backoff: 2s, max: 1s}")))
                .containsExactly(
                        "5:65 'attempts' is a whole number from 1 to 100, not '0'",
                        "5:76 'jitter' is a number from 0 to 1, not '1.5'",
                        "5:93 'multiplier' is a number from 1 to 100, not 'x'",
                        "5:114 'max' is shorter than 'backoff'");
        assertThat(problems(withStep("action: a, retry: {attemps: 3}")))
                .containsExactly("5:55 'retry' has no field 'attemps'; did you mean 'attempts'?");
    }

    @Test
    void timeoutsStayWithinTheirLimits() {
        assertThat(problems(withStep("action: a, timeout: 0s")))
                .containsExactly("5:56 'timeout' is a duration from 10ms to 30d, not '0s'");
        assertThat(problems(withStep("action: a, timeout: [1]")))
                .containsExactly("5:56 'timeout' is a duration such as 500ms, 30s, 10m or 1h, not a list");
    }
}
