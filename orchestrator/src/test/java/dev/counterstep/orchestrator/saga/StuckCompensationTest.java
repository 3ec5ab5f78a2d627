package dev.counterstep.orchestrator.saga;

import org.junit.jupiter.api.Test;

import static dev.counterstep.orchestrator.saga.OnStuckCompensation.CONTINUE;
import static dev.counterstep.orchestrator.saga.OnStuckCompensation.STOP;
import static dev.counterstep.orchestrator.saga.SagaFixtures.tour;
import static dev.counterstep.orchestrator.saga.SagaScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of the other compensations when one is stuck, as the definition says. */
class StuckCompensationTest {

    @Test
    void stopSendsNoEarlierCompensationUntilAnOperatorHelps() {
        undoing(STOP)
                .rejects("car", "it is on the road")
                .expect()
                .expectState(SagaState.STUCK)
                .expectStep("hotel", StepStatus.SUCCEEDED)
                .when(replay())
                .expect("car.return")
                .succeeds("car")
                .expect("hotel.cancel", "flight.cancel");
    }

    @Test
    void stopLetsTheRestOfAParallelGroupBeUndone() {
        undoing(STOP)
                .succeeds("car")
                .rejects("hotel", "not on a Sunday")
                .expectState(SagaState.COMPENSATING)
                .succeeds("flight")
                .expect()
                .expectState(SagaState.STUCK)
                .expectStep("visa", StepStatus.SUCCEEDED);
    }

    @Test
    void continueUndoesWhatCameEarlierAndIsStuckAtTheEnd() {
        SagaScenario saga = undoing(CONTINUE)
                .rejects("car", "it is on the road")
                .expect("hotel.cancel", "flight.cancel")
                .expectState(SagaState.COMPENSATING)
                .succeeds("hotel")
                .expect()
                .succeeds("flight")
                .expect("visa.withdraw")
                .succeeds("visa")
                .expectState(SagaState.STUCK)
                .expectLogged(LogKind.REPLY_RECEIVED, LogKind.SAGA_STUCK)
                .expectReason("no money");
        SagaLogEntry stuck = saga.log().get(saga.log().size() - 1);
        assertThat(stuck.step()).isEqualTo("car");
        assertThat(stuck.text(SagaLogEntry.Detail.REASON)).isEqualTo("it is on the road");
        assertThat(saga.saga().currentStep()).isEqualTo("car");
    }

    @Test
    void continueGoesOnFromAParallelGroupOnlyWhenAllOfItHasSettled() {
        undoing(CONTINUE)
                .succeeds("car")
                .rejects("hotel", "not on a Sunday")
                .expect()
                .fails("flight", "desk is closed")
                .due()
                .expect("flight.cancel")
                .fails("flight", "desk is closed")
                .expect("visa.withdraw")
                .succeeds("visa")
                .expectState(SagaState.STUCK)
                .expectStep("hotel", StepStatus.REJECTED)
                .expectStep("flight", StepStatus.FAILED);
    }

    @Test
    void continueReplaysAllThatIsStuckAndThenIsCompensated() {
        SagaScenario saga = undoing(CONTINUE)
                .rejects("car", "it is on the road")
                .rejects("hotel", "not on a Sunday")
                .succeeds("flight")
                .succeeds("visa")
                .expectState(SagaState.STUCK)
                .when(replay())
                .expect("hotel.cancel", "car.return")
                .succeeds("hotel")
                .expectState(SagaState.COMPENSATING)
                .succeeds("car")
                .expect()
                .expectState(SagaState.COMPENSATED);
        assertThat(saga.saga().step("car").generation()).isEqualTo(2);
        assertThat(saga.saga().step("flight").generation()).isEqualTo(1);
    }

    @Test
    void continueSkipsWhatIsStuckAndIsCompensated() {
        stuckAtTheEnd()
                .when(new SagaEvent.SkipRequested("operator:ada", "returned by hand"))
                .expectStep("car", StepStatus.SKIPPED)
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void continueCanBeAbandonedAtTheEnd() {
        stuckAtTheEnd()
                .when(new SagaEvent.AbandonRequested("operator:ada", "written off"))
                .expectState(SagaState.ABANDONED);
    }

    @Test
    void continueIsFreedByTheLateSuccessOfWhatWasStuck() {
        undoing(CONTINUE)
                .fails("car", "no answer")
                .due()
                .fails("car", "no answer")
                .expect("hotel.cancel", "flight.cancel")
                .succeeds("car")
                .expectStep("car", StepStatus.COMPENSATED)
                .expect()
                .succeeds("hotel")
                .succeeds("flight")
                .expect("visa.withdraw")
                .succeeds("visa")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void continuePassesOverACompensationThatCannotBeMade() {
        SagaScenario saga = given(tour(CONTINUE, SagaFixtures.brokenOnceAnswered("car")))
                .started()
                .succeeds("visa")
                .succeeds("hotel")
                .succeeds("flight")
                .succeeds("car")
                .rejects("pay", "no money")
                .expect("hotel.cancel", "flight.cancel")
                .succeeds("hotel")
                .succeeds("flight")
                .succeeds("visa")
                .expectState(SagaState.STUCK)
                .expectStep("car", StepStatus.FAILED);
        assertThat(saga.saga().step("car").attempts()).isZero();
    }

    @Test
    void replayOfACompensationThatStillCannotBeMadeWaitsForTheOthers() {
        given(tour(CONTINUE, SagaFixtures.brokenOnceAnswered("car")))
                .started()
                .succeeds("visa")
                .succeeds("hotel")
                .succeeds("flight")
                .succeeds("car")
                .rejects("pay", "no money")
                .rejects("hotel", "not on a Sunday")
                .succeeds("flight")
                .succeeds("visa")
                .expectState(SagaState.STUCK)
                .when(replay())
                .expect("hotel.cancel")
                .expectState(SagaState.COMPENSATING)
                .succeeds("hotel")
                .expectState(SagaState.STUCK)
                .when(new SagaEvent.SkipRequested("operator:ada", "returned by hand"))
                .expectStep("car", StepStatus.SKIPPED)
                .expectState(SagaState.COMPENSATED);
    }

    private static SagaScenario stuckAtTheEnd() {
        return undoing(CONTINUE)
                .rejects("car", "it is on the road")
                .succeeds("hotel")
                .succeeds("flight")
                .succeeds("visa")
                .expectState(SagaState.STUCK);
    }

    /** The compensation of the last group before the payment is on its way. */
    private static SagaScenario undoing(OnStuckCompensation onStuck) {
        return given(tour(onStuck, StepExpressions.DEFAULT))
                .started()
                .succeeds("visa")
                .succeeds("hotel")
                .succeeds("flight")
                .succeeds("car")
                .rejects("pay", "no money")
                .expect("car.return");
    }

    private static SagaEvent replay() {
        return new SagaEvent.ReplayRequested("operator:ada", "settled");
    }
}
