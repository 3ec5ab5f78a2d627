package dev.counterstep.orchestrator.definition;

import org.junit.jupiter.api.Test;

import static dev.counterstep.orchestrator.definition.DefinitionFixtures.problems;
import static org.assertj.core.api.Assertions.assertThat;

class StepRulesTest {

    private static String steps(String... steps) {
        return "saga: test\nversion: 1\nsteps:\n- " + String.join("\n- ", steps) + "\n";
    }

    private static String step(String id, String fields) {
        return "{id: " + id + ", participant: order, " + fields + "}";
    }

    @Test
    void compensatableThenPivotThenRetriableIsTheOrder() {
        assertThat(problems(steps(
                        step("a", "action: a"),
                        step("b", "action: b, kind: pivot"),
                        "parallel: [" + step("c", "action: c, kind: retriable") + ", "
                                + step("d", "action: d, kind: retriable") + "]")))
                .isEmpty();
    }

    @Test
    void aRetriableStepNeedsAPivotBeforeIt() {
        assertThat(problems(steps(step("a", "action: a, kind: retriable"))))
                .containsExactly("4:48 step 'a' is retriable but no pivot comes before it");
    }

    @Test
    void nothingAfterThePivotIsCompensatable() {
        assertThat(problems(steps(step("a", "action: a, kind: pivot"), step("b", "action: b"))))
                .containsExactly("5:3 step 'b' comes after the pivot, where every step must be 'kind: retriable'");
    }

    @Test
    void thereIsOnePivot() {
        assertThat(problems(steps(step("a", "action: a, kind: pivot"), step("b", "action: b, kind: pivot"))))
                .containsExactly("5:48 step 'b' is a second pivot: there is at most one");
    }

    @Test
    void aPivotIsNotParallelToOthers() {
        assertThat(problems(steps("parallel: [" + step("a", "action: a, kind: pivot") + ", "
                        + step("b", "action: b, kind: retriable") + "]")))
                .containsExactly("4:59 a pivot cannot be parallel to other steps");
    }

    @Test
    void aRetriableStepHasAnActionAndNoCompensation() {
        assertThat(problems(steps(
                        step("a", "action: a, kind: pivot"), step("b", "action: b, compensation: c, kind: retriable"))))
                .containsExactly("5:56 a retriable step is never undone: it has no compensation");
        assertThat(problems(steps(step("a", "action: a, kind: pivot"), step("b", "compensation: c, kind: retriable"))))
                .containsExactly(
                        "5:45 a retriable step is never undone: it has no compensation",
                        "5:54 a retriable step needs an action");
    }

    @Test
    void aPivotNeedsAnAction() {
        assertThat(problems(steps(step("a", "action: a"), step("b", "compensation: c, kind: pivot"))))
                .containsExactly("5:54 a pivot needs an action");
    }

    @Test
    void aStepNeedsAnActionOrACompensation() {
        assertThat(problems(steps(step("a", "action: a"), step("b", "timeout: 1s"))))
                .containsExactly("5:3 step 'b' needs an action, a compensation or both");
    }

    @Test
    void aStepWithoutActionHasNoCondition() {
        assertThat(problems(steps(step("a", "action: a"), step("b", "compensation: c, when: 'true'"))))
                .containsExactly("5:54 step 'b' has no action, so there is nothing to make conditional");
    }

    @Test
    void aDefinitionDoesSomething() {
        assertThat(problems(steps(step("a", "compensation: a"))))
                .containsExactly("4:3 no step has an action: such a saga would do nothing");
    }

    @Test
    void groupsDoNotNest() {
        assertThat(problems(steps("parallel: [{parallel: [" + step("a", "action: a") + "]}]")))
                .contains("4:14 a parallel group cannot hold another one");
    }
}
