package dev.counterstep.messaging.external;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a step whose effect lies in an external system must hold, whoever dies and whatever overtakes what.
 *
 * <p>A command makes three moves: its handler commits the intent, the call leaves the process, the outcome is recorded. This suite
 * makes the moves of an action and its compensation one by one, in every order that the barrier allows, stopping wherever a process
 * can die, and then asks the external system's own ledger what it did. The barrier's part is played here: no action starts after its
 * compensation has.
 */
public abstract class ExternalCallContract {

    /** What the external system's own ledger shows of one saga. */
    public record Effects(int made, int undone) {}

    /** Runs the handler of the action or the compensation, as {@code saga.phase()} says. */
    protected abstract CommandResult handle(SagaHeaders saga);

    /** What the external system did for the saga. */
    protected abstract Effects effects(UUID saga);

    /** How many rows of the service's own still await an answer for the saga. */
    protected abstract int openIntents(UUID saga);

    /** The service's transactions. */
    protected abstract TransactionOperations transactions();

    /** A process dies after each number of moves, and again; the third one gets through. */
    @Test
    void actionThatDiesAfterAnyMoveTakesEffectOnce() {
        for (int first = 0; first <= Run.MOVES; first++) {
            for (int second = 0; second <= Run.MOVES; second++) {
                UUID saga = UUID.randomUUID();
                new Run(saga, Phase.ACTION).moves(first);
                new Run(saga, Phase.ACTION).moves(second);
                Run last = new Run(saga, Phase.ACTION).moves(Run.MOVES);

                assertThat(last.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
                assertThat(effects(saga)).isEqualTo(new Effects(1, 0));
                assertThat(openIntents(saga)).isZero();
            }
        }
    }

    @Test
    void compensationThatDiesAfterAnyMoveUndoesOnce() {
        for (int first = 0; first <= Run.MOVES; first++) {
            UUID saga = UUID.randomUUID();
            new Run(saga, Phase.ACTION).moves(Run.MOVES);
            new Run(saga, Phase.COMPENSATION).moves(first);
            Run last = new Run(saga, Phase.COMPENSATION).moves(Run.MOVES);

            assertThat(last.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(effects(saga)).isEqualTo(new Effects(1, 1));
            assertThat(openIntents(saga)).isZero();
        }
    }

    @Test
    void compensationOfNothingSucceeds() {
        UUID saga = UUID.randomUUID();

        Run compensation = new Run(saga, Phase.COMPENSATION).moves(Run.MOVES);

        assertThat(compensation.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        assertThat(effects(saga)).isEqualTo(new Effects(0, 0));
    }

    /** The compensation comes while a process has the action in hand; both can die, and the compensation then comes again. */
    @Test
    void compensationRacingAnOpenIntentLeavesNothing() {
        for (String race : races("", 2, 3)) {
            race(race, new Run(UUID.randomUUID(), Phase.ACTION));
        }
    }

    /** The same with an action that was already repeated, and so asks before it calls. */
    @Test
    void compensationRacingARepeatedActionLeavesNothing() {
        for (String race : races("", 2, 3)) {
            UUID saga = UUID.randomUUID();
            new Run(saga, Phase.ACTION).moves(1);
            race(race, new Run(saga, Phase.ACTION));
        }
    }

    private void race(String race, Run action) {
        action.moves(1);
        UUID saga = action.saga.sagaId();
        Run compensation = new Run(saga, Phase.COMPENSATION);

        race.chars().forEach(mover -> (mover == 'a' ? action : compensation).moves(1));
        Run last = new Run(saga, Phase.COMPENSATION).moves(Run.MOVES);
        action.moves(Run.MOVES);

        assertThat(last.outcome()).as(race).isEqualTo(OutcomeKind.SUCCEEDED);
        assertThat(effects(saga)).as(race).isIn(new Effects(0, 0), new Effects(1, 1));
        assertThat(openIntents(saga)).as(race).isZero();
    }

    /** Every order of at most so many further moves of the action (a) and the compensation (c): dying is making fewer. */
    private static List<String> races(String soFar, int a, int c) {
        List<String> races = new ArrayList<>(List.of(soFar));
        if (a > 0) {
            races.addAll(races(soFar + "a", a - 1, c));
        }
        if (c > 0) {
            races.addAll(races(soFar + "c", a, c - 1));
        }
        return races;
    }

    /** One process's run of one command. */
    private final class Run {

        static final int MOVES = 3;

        private final SagaHeaders saga;
        private @Nullable ExternalCall<Object> call;
        private @Nullable Object answer;
        private @Nullable Outcome outcome;

        Run(UUID saga, Phase phase) {
            this.saga = new SagaHeaders(saga, "test:1", "step", phase, 1, 1, null, null);
        }

        /** Makes the next so many moves, fewer when it ends before. */
        Run moves(int count) {
            for (int i = 0; i < count && outcome == null; i++) {
                move();
            }
            return this;
        }

        OutcomeKind outcome() {
            return Objects.requireNonNull(outcome, "the command has not ended").kind();
        }

        @SuppressWarnings("unchecked")
        private void move() {
            if (call == null) {
                CommandResult result = transactions().execute(status -> handle(saga));
                if (result instanceof Outcome immediate) {
                    outcome = immediate;
                } else {
                    call = (ExternalCall<Object>) result;
                }
            } else if (answer == null) {
                answer = answer(call);
            } else {
                outcome = complete(call, answer);
            }
        }

        private Object answer(ExternalCall<Object> from) {
            try {
                return from.call().call();
            } catch (Exception e) {
                throw new AssertionError("the external system must answer", e);
            }
        }

        private @Nullable Outcome complete(ExternalCall<Object> from, Object with) {
            return transactions()
                    .execute(status -> from.completion().outcomes(List.of(with)).get(0));
        }
    }
}
