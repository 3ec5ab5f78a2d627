package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.participant.Barrier.Decision;
import dev.counterstep.messaging.participant.Barrier.Verb;
import dev.counterstep.messaging.participant.InboxRow.State;

import static org.assertj.core.api.Assertions.assertThat;

class BarrierTest {

    private static final UUID SAGA = UUID.fromString("0196e1f0-0000-7000-8000-000000000001");

    /** Every cell for first-generation commands: what is in the action's row, what in the compensation's. */
    @ParameterizedTest
    @CsvSource({
        // action row, compensation row, an action comes, a compensation comes
        "-,         -,         RUN,    EMPTY",
        "OPEN,      -,         RESUME, RUN",
        "SUCCEEDED, -,         ANSWER, RUN",
        "REJECTED,  -,         ANSWER, EMPTY",
        "EMPTY,     -,         LATE,   EMPTY",
        "-,         OPEN,      LATE,   RESUME", // cannot be: a compensation brings its action's row; safe all the same
        "OPEN,      OPEN,      LATE,   RESUME", // cannot be: a compensation that runs closes the action's row
        "SUCCEEDED, OPEN,      ANSWER, RESUME",
        "REJECTED,  OPEN,      ANSWER, RESUME",
        "EMPTY,     OPEN,      LATE,   RESUME",
        "-,         SUCCEEDED, LATE,   ANSWER", // cannot be
        "OPEN,      SUCCEEDED, LATE,   ANSWER", // cannot be
        "SUCCEEDED, SUCCEEDED, ANSWER, ANSWER",
        "REJECTED,  SUCCEEDED, ANSWER, ANSWER",
        "EMPTY,     SUCCEEDED, LATE,   ANSWER",
    })
    void firstGenerationMeets(String action, String compensation, Verb onAction, Verb onCompensation) {
        List<InboxRow> before = rows(action, "-", compensation, "-");

        assertThat(decide(Phase.ACTION, 1, before).verb()).isEqualTo(onAction);
        assertThat(decide(Phase.COMPENSATION, 1, before).verb()).isEqualTo(onCompensation);
    }

    /** The cells of second-generation commands that can be: actions of generation 1 and 2, compensations of 1 and 2. */
    @ParameterizedTest
    @CsvSource({
        "REJECTED,  -,         -,         -,         RUN,    2, EMPTY,  2",
        "EMPTY,     -,         -,         -,         RUN,    2, EMPTY,  2",
        "OPEN,      -,         -,         -,         RESUME, 1, RUN,    2",
        "SUCCEEDED, -,         -,         -,         ANSWER, 1, RUN,    2",
        "REJECTED,  OPEN,      -,         -,         RESUME, 2, RUN,    2",
        "REJECTED,  SUCCEEDED, -,         -,         ANSWER, 2, RUN,    2",
        "REJECTED,  REJECTED,  -,         -,         ANSWER, 2, EMPTY,  2",
        "EMPTY,     EMPTY,     -,         SUCCEEDED, LATE,   2, ANSWER, 2",
        "SUCCEEDED, -,         OPEN,      -,         LATE,   2, RESUME, 1",
        "EMPTY,     -,         OPEN,      -,         LATE,   2, RESUME, 1",
        "SUCCEEDED, -,         SUCCEEDED, -,         RUN,    2, ANSWER, 1",
        "EMPTY,     -,         SUCCEEDED, -,         RUN,    2, ANSWER, 1",
        "EMPTY,     OPEN,      SUCCEEDED, -,         RESUME, 2, RUN,    2",
        "EMPTY,     SUCCEEDED, SUCCEEDED, -,         ANSWER, 2, RUN,    2",
        "SUCCEEDED, EMPTY,     -,         OPEN,      LATE,   2, RESUME, 2",
        "SUCCEEDED, EMPTY,     -,         SUCCEEDED, LATE,   2, ANSWER, 2",
    })
    void secondGenerationMeets(
            String action1,
            String action2,
            String compensation1,
            String compensation2,
            Verb onAction,
            int actionGeneration,
            Verb onCompensation,
            int compensationGeneration) {
        List<InboxRow> before = rows(action1, action2, compensation1, compensation2);

        Decision action = decide(Phase.ACTION, 2, before);
        assertThat(action.verb()).isEqualTo(onAction);
        assertThat(action.generation()).isEqualTo(actionGeneration);
        Decision compensation = decide(Phase.COMPENSATION, 2, before);
        assertThat(compensation.verb()).isEqualTo(onCompensation);
        assertThat(compensation.generation()).isEqualTo(compensationGeneration);
    }

    @Test
    void earlierGenerationThatComesAfterALaterOneIsRefusedOrAnswered() {
        assertThat(decide(Phase.ACTION, 1, rows("EMPTY", "OPEN", "-", "-")).verb())
                .isEqualTo(Verb.LATE);
        assertThat(decide(Phase.ACTION, 1, rows("EMPTY", "REJECTED", "-", "-")).verb())
                .isEqualTo(Verb.LATE);
        Decision success = decide(Phase.ACTION, 1, rows("EMPTY", "SUCCEEDED", "-", "-"));
        assertThat(success.verb()).isEqualTo(Verb.ANSWER);
        assertThat(success.generation()).isEqualTo(2);
        assertThat(decide(Phase.COMPENSATION, 1, rows("SUCCEEDED", "EMPTY", "-", "OPEN"))
                        .generation())
                .isEqualTo(2);
        assertThat(decide(Phase.COMPENSATION, 1, rows("SUCCEEDED", "EMPTY", "-", "SUCCEEDED"))
                        .verb())
                .isEqualTo(Verb.ANSWER);
    }

    @Test
    void handlerNeverRunsWhereItsEffectCouldBeASecondOne() {
        forEveryInboxOfTwoGenerations(before -> {
            for (int generation = 1; generation <= 2; generation++) {
                Decision action = decide(Phase.ACTION, generation, before);
                if (action.verb() == Verb.RUN) {
                    assertThat(before).noneMatch(row -> is(row, Phase.ACTION, State.OPEN));
                    assertThat(before).noneMatch(row -> is(row, Phase.COMPENSATION, State.OPEN));
                    assertThat(before)
                            .noneMatch(row -> is(row, Phase.ACTION, State.SUCCEEDED) && !isUndone(row, before));
                }
                Decision compensation = decide(Phase.COMPENSATION, generation, before);
                if (compensation.verb() == Verb.RUN) {
                    assertThat(before).noneMatch(row -> is(row, Phase.COMPENSATION, State.OPEN));
                    assertThat(before)
                            .anyMatch(
                                    row -> (is(row, Phase.ACTION, State.SUCCEEDED) || is(row, Phase.ACTION, State.OPEN))
                                            && !isUndone(row, before));
                }
                if (compensation.verb() == Verb.EMPTY) {
                    int upTo = generation;
                    assertThat(before)
                            .noneMatch(row -> is(row, Phase.ACTION, State.SUCCEEDED)
                                    && row.key().generation() <= upTo);
                }
            }
        });
    }

    @Test
    void answerComesFromARowThatHasOne() {
        forEveryInboxOfTwoGenerations(before -> Stream.of(Phase.values()).forEach(phase -> {
            Decision decision = decide(phase, 1, before);
            if (decision.verb() == Verb.ANSWER) {
                assertThat(decision.row()).isNotNull().satisfies(row -> {
                    assertThat(row.answer()).isNotNull();
                    assertThat(row.key().phase()).isEqualTo(phase);
                });
            } else {
                assertThat(decision.row()).isNull();
            }
        }));
    }

    @Test
    void compensationBarsTheOpenActionsItCovers() {
        InboxKey compensation = new InboxKey(SAGA, "step", Phase.COMPENSATION, 1);

        assertThat(Barrier.barredBy(compensation, rows("OPEN", "OPEN", "-", "-")))
                .containsExactly(new InboxKey(SAGA, "step", Phase.ACTION, 1));
        assertThat(Barrier.barredBy(compensation, rows("SUCCEEDED", "-", "OPEN", "-")))
                .isEmpty();
    }

    private static void forEveryInboxOfTwoGenerations(Consumer<List<InboxRow>> check) {
        List<String> actions = List.of("-", "OPEN", "SUCCEEDED", "REJECTED", "EMPTY");
        List<String> compensations = List.of("-", "OPEN", "SUCCEEDED");
        for (String action1 : actions) {
            for (String action2 : actions) {
                for (String compensation1 : compensations) {
                    for (String compensation2 : compensations) {
                        check.accept(rows(action1, action2, compensation1, compensation2));
                    }
                }
            }
        }
    }

    private static boolean is(InboxRow row, Phase phase, State state) {
        return row.key().phase() == phase && row.state() == state;
    }

    private static boolean isUndone(InboxRow action, List<InboxRow> rows) {
        return rows.stream()
                .anyMatch(row -> is(row, Phase.COMPENSATION, State.SUCCEEDED)
                        && row.key().generation() >= action.key().generation());
    }

    private static Decision decide(Phase phase, int generation, List<InboxRow> before) {
        return Barrier.decide(new InboxKey(SAGA, "step", phase, generation), before);
    }

    private static List<InboxRow> rows(String action1, String action2, String compensation1, String compensation2) {
        List<InboxRow> rows = new ArrayList<>();
        add(rows, Phase.ACTION, 1, action1);
        add(rows, Phase.ACTION, 2, action2);
        add(rows, Phase.COMPENSATION, 1, compensation1);
        add(rows, Phase.COMPENSATION, 2, compensation2);
        return rows;
    }

    private static void add(List<InboxRow> rows, Phase phase, int generation, String state) {
        InboxKey key = new InboxKey(SAGA, "step", phase, generation);
        switch (state) {
            case "-" -> {}
            case "OPEN" -> rows.add(InboxRow.open(key));
            case "EMPTY" -> rows.add(InboxRow.empty(key));
            default ->
                rows.add(InboxRow.answered(
                        key, new Answer(OutcomeKind.valueOf(state), "sample.done", "because", null, new byte[0])));
        }
    }
}
