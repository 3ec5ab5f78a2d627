package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static dev.counterstep.orchestrator.saga.SagaFixtures.compensatable;
import static dev.counterstep.orchestrator.saga.SagaFixtures.oneOfEachKind;
import static dev.counterstep.orchestrator.saga.SagaFixtures.orderFulfilment;
import static dev.counterstep.orchestrator.saga.SagaFixtures.parallelReservations;
import static dev.counterstep.orchestrator.saga.SagaFixtures.step;
import static dev.counterstep.orchestrator.saga.SagaScenario.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

/** What a saga does, told as scenarios in virtual time. */
class SagaStateMachineTest {

    @Test
    void happySagaRunsItsStepsInOrderAndCompletes() {
        given(orderFulfilment())
                .started()
                .expect("customer.validate", "inventory.validate")
                .succeeds("validate-customer")
                .expect()
                .succeeds("validate-product")
                .expect("inventory.reserve")
                .succeeds("reserve")
                .expect("payment.process")
                .succeeds("pay")
                .expect("delivery.schedule")
                .succeeds("deliver")
                .expect("order.complete")
                .succeeds("complete")
                .expect()
                .expectState(SagaState.COMPLETED);
    }

    @Test
    void rejectionCompensatesInReverseWhatSucceededAndNothingElse() {
        SagaScenario saga = given(orderFulfilment())
                .started()
                .succeeds("validate-customer")
                .succeeds("validate-product")
                .succeeds("reserve")
                .succeeds("pay")
                .rejects("deliver", "address is undeliverable")
                .expect("payment.refund")
                .expectState(SagaState.COMPENSATING)
                .succeeds("pay")
                .expect("inventory.release")
                .succeeds("reserve")
                .expect("order.cancel")
                .succeeds("order")
                .expect()
                .expectState(SagaState.COMPENSATED)
                .expectReason("address is undeliverable");
        assertThat(saga.commands()).extracting(StepCommand::type).doesNotContain("delivery.cancel");
    }

    @Test
    void compensationSaysWhy() {
        SagaScenario saga = given(oneOfEachKind()).started().succeeds("reserve").rejects("pay", "no money");
        assertThat(saga.decision().commands().get(0).payload())
                .isEqualTo(Map.of("orderId", "o-1", "reason", "no money"));
    }

    @Test
    void compensationHasTheKeyOfItsAction() {
        var byProduct = new StepExpressions(
                data -> true, data -> "product-" + data.input().get("product"), SagaData::input);
        SagaScenario saga = given(new SagaDefinition(
                        "by-product",
                        1,
                        null,
                        List.of(
                                List.of(step(
                                        "reserve",
                                        "inventory",
                                        "inventory.reserve",
                                        "inventory.release",
                                        StepKind.COMPENSATABLE,
                                        byProduct)),
                                List.of(compensatable("pay", "payment", "payment.process", "payment.refund")))))
                .started(Map.of("product", 7))
                .succeeds("reserve")
                .rejects("pay", "no money")
                .rejects("reserve", "already shipped")
                .when(new SagaEvent.ReplayRequested("operator:ada", "fetched back"))
                .expect("inventory.release");
        assertThat(saga.commands())
                .filteredOn(command -> command.participant().equals("inventory"))
                .extracting(StepCommand::type, StepCommand::key)
                .containsExactly(
                        tuple("inventory.reserve", "product-7"),
                        tuple("inventory.release", "product-7"),
                        tuple("inventory.release", "product-7"));
    }

    @Test
    void stepOutOfAttemptsIsUnknownAndIsCompensatedToo() {
        given(oneOfEachKind())
                .started()
                .due()
                .expectLogged(LogKind.STEP_TIMED_OUT, LogKind.RETRY_SCHEDULED)
                .due()
                .expect("inventory.reserve")
                .due()
                .expect("inventory.release")
                .expectLogged(LogKind.STEP_TIMED_OUT, LogKind.COMPENSATION_STARTED, LogKind.COMMAND_SENT)
                .succeeds("reserve")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void retryKeepsTheIdentityAndCountsTheAttempt() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .fails("reserve", "database is down")
                .expect()
                .due()
                .expect("inventory.reserve");
        assertThat(saga.commands())
                .extracting(StepCommand::coordinates)
                .containsExactly(
                        new SagaLogEntry.Coordinates("reserve", Phase.ACTION, 1, 1),
                        new SagaLogEntry.Coordinates("reserve", Phase.ACTION, 1, 2));
    }

    @Test
    void participantThatAsksForAWaitGetsAtLeastThat() {
        SagaScenario saga = given(oneOfEachKind()).started();
        saga.when(new SagaEvent.ReplyArrived(
                "reserve", Phase.ACTION, 1, 1, Outcome.RETRYABLE, "busy", Duration.ofSeconds(20), Map.of(), "reply-1"));
        assertThat(saga.decision().nextActionAt()).isEqualTo(SagaScenario.START.plusSeconds(20));
    }

    @Test
    void definitiveReplyToAnEarlierAttemptCounts() {
        SagaScenario saga = given(oneOfEachKind()).started();
        SagaEvent first = saga.answer("reserve", Outcome.SUCCEEDED, null);
        saga.due().due().when(first).expect("payment.process").expectStep("reserve", StepStatus.SUCCEEDED);
    }

    @Test
    void retryableReplyToAnEarlierAttemptIsIgnored() {
        SagaScenario saga = given(oneOfEachKind()).started();
        SagaEvent first = saga.answer("reserve", Outcome.RETRYABLE, "busy");
        saga.due().due().when(first).expectLogged(LogKind.REPLY_IGNORED).expectStep("reserve", StepStatus.SENT);
    }

    @Test
    void replyReceivedTwiceChangesStateOnce() {
        SagaScenario saga = given(oneOfEachKind()).started();
        SagaEvent reply = saga.answer("reserve", Outcome.SUCCEEDED, null);
        saga.when(reply).expect("payment.process");
        SagaInstance before = saga.saga();
        saga.when(reply).expect().expectLogged(LogKind.REPLY_IGNORED);
        assertThat(saga.saga()).isEqualTo(before);
    }

    @Test
    void replyOfAnotherGenerationOrPhaseIsIgnored() {
        SagaScenario saga = given(oneOfEachKind()).started();
        saga.when(reply("reserve", Phase.ACTION, 2)).expectLogged(LogKind.REPLY_IGNORED);
        saga.when(reply("reserve", Phase.COMPENSATION, 1)).expectLogged(LogKind.REPLY_IGNORED);
        saga.when(reply("pay", Phase.ACTION, 1)).expectLogged(LogKind.REPLY_IGNORED);
        saga.when(reply("nowhere", Phase.ACTION, 1)).expectLogged(LogKind.REPLY_IGNORED);
        saga.expectState(SagaState.RUNNING);
    }

    @Test
    void inProgressStartsTheTimeoutAnew() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .after(Duration.ofSeconds(29))
                .when(new SagaEvent.ReplyArrived(
                        "reserve", Phase.ACTION, 1, 1, Outcome.IN_PROGRESS, "packing", null, Map.of(), "reply-1"));
        assertThat(saga.decision().nextActionAt()).isEqualTo(SagaScenario.START.plusSeconds(59));
    }

    @Test
    void inProgressUsesUpNoAttempt() {
        SagaScenario saga = given(oneOfEachKind()).started();
        for (int i = 0; i < 5; i++) {
            saga.after(Duration.ofSeconds(29)).when(saga.answer("reserve", Outcome.IN_PROGRESS, "packing"));
        }
        saga.expectStep("reserve", StepStatus.SENT).due().expectStep("reserve", StepStatus.RETRYING);
        assertThat(saga.saga().step("reserve").attempts()).isEqualTo(1);
    }

    @Test
    void repeatedInProgressOnlyExtendsTheDeadline() {
        SagaScenario saga = given(oneOfEachKind()).started().succeeds("reserve").succeeds("pay");
        SagaEvent reply = saga.answer("complete", Outcome.IN_PROGRESS, "printing");
        SagaInstance once = saga.after(Duration.ofSeconds(10)).when(reply).saga();
        SagaInstance twice =
                saga.after(Duration.ofSeconds(10)).when(reply).expect().saga();
        assertThat(twice)
                .usingRecursiveComparison()
                .ignoringFields("updatedAt", "steps.complete.dueAt", "steps.complete.repliedAt")
                .isEqualTo(once);
        assertThat(twice.step("complete").dueAt()).isEqualTo(SagaScenario.START.plusSeconds(50));
        for (int i = 0; i < 110; i++) {
            saga.after(Duration.ofSeconds(29)).when(reply);
        }
        assertThat(saga.saga().step("complete").dueAt())
                .as("100 timeouts of 30 s after it was sent")
                .isEqualTo(SagaScenario.START.plusSeconds(3_000));
        assertThat(saga.log().stream().filter(entry -> entry.isTrue(SagaLogEntry.Detail.CAPPED)))
                .as("the log tells when the limit bites")
                .isNotEmpty()
                .hasSizeLessThan(20);
    }

    @Test
    void stepThatIsInProgressForEverIsGivenUp() {
        SagaScenario saga = given(oneOfEachKind()).started().succeeds("reserve").succeeds("pay");
        int replies = 0;
        while (saga.saga().state() == SagaState.RUNNING && replies < 1_000) {
            saga.after(Duration.ofSeconds(29));
            if (saga.saga().step("complete").status() == StepStatus.SENT) {
                saga.when(saga.answer("complete", Outcome.IN_PROGRESS, "printing"));
                replies++;
            }
            saga.when(new SagaEvent.TimerFired());
        }
        saga.expectState(SagaState.STUCK).expectReason("no reply within 30s");
        assertThat(replies).as("in two attempts of at most 100 timeouts each").isBetween(150, 210);
    }

    @Test
    void actionExpiresWithTheDeadlineAndCompensationNever() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .rejects("pay", "no money")
                .expect("inventory.release");
        assertThat(saga.commands())
                .extracting(StepCommand::expiresAt)
                .containsExactly(
                        SagaScenario.START.plus(Duration.ofMinutes(10)),
                        SagaScenario.START.plus(Duration.ofMinutes(10)),
                        null);
    }

    @Test
    void commandPastThePivotNeverExpires() {
        SagaScenario saga = given(oneOfEachKind()).started().succeeds("reserve").succeeds("pay");
        assertThat(saga.decision().commands().get(0).expiresAt()).isNull();
    }

    @Test
    void expiredCommandIsNoFailedAttemptWhenTheDeadlineWasPutOff() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .fails("reserve", "busy")
                .due()
                .after(Duration.ofMinutes(20))
                .unheardUntilNow()
                .fails("reserve", "EXPIRED: the command came after 2026-01-01T00:10:00Z")
                .expectLogged(LogKind.REPLY_RECEIVED, LogKind.RETRY_SCHEDULED)
                .due()
                .expect("inventory.reserve");
        assertThat(saga.decision().commands().get(0).expiresAt())
                .isAfter(SagaScenario.START.plus(Duration.ofMinutes(30)));
    }

    @Test
    void commandThatExpiredAfterTheDeadlineIsAFailedAttempt() {
        given(oneOfEachKind())
                .started()
                .fails("reserve", "busy")
                .due()
                .after(Duration.ofMinutes(10))
                .fails("reserve", "EXPIRED: the command came after 2026-01-01T00:10:00Z")
                .expectState(SagaState.COMPENSATING);
    }

    @Test
    void pivotOutOfAttemptsIsUnknownAndIsUndoneWithTheRest() {
        given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .fails("pay", "gateway is down")
                .due()
                .fails("pay", "gateway is down")
                .expect("payment.refund")
                .succeeds("pay")
                .expect("inventory.release")
                .succeeds("reserve")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void pivotThatSucceededIsNeverUndone() {
        given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .rejects("complete", "order is locked")
                .expect()
                .expectState(SagaState.STUCK)
                .when(new SagaEvent.CompensateRequested("operator:ada", "undo it"))
                .expectRefused("replayed, skipped or abandoned");
    }

    @Test
    void retriableStepIsTriedAgainAndThenStuck() {
        given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .fails("complete", "order service is down")
                .due()
                .expect("order.complete")
                .fails("complete", "order service is down")
                .expectState(SagaState.STUCK)
                .expectReason("order service is down");
    }

    @Test
    void timeoutDoesNotCountWhileNobodyCouldAnswer() {
        given(oneOfEachKind())
                .started()
                .after(Duration.ofMinutes(20))
                .unheardUntilNow()
                .when(new SagaEvent.TimerFired())
                .expectLogged()
                .expectState(SagaState.RUNNING)
                .succeeds("reserve")
                .expect("payment.process");
    }

    @Test
    void timeoutOfOneParticipantRunsWhileAnotherCannotBeHeard() {
        SagaScenario saga = given(parallelReservations())
                .started()
                .after(Duration.ofSeconds(30))
                .unheardUntilNow("flight")
                .when(new SagaEvent.TimerFired())
                .expectLogged(LogKind.STEP_TIMED_OUT, LogKind.RETRY_SCHEDULED)
                .expectStep("hotel", StepStatus.RETRYING)
                .expectStep("flight", StepStatus.SENT);
        saga.due().expect("hotel.book");
        assertThat(saga.decision().nextActionAt()).as("flight's, anew").isEqualTo(SagaScenario.START.plusSeconds(60));
    }

    @Test
    void deadlineGrantsWhatWasLostWithAnyParticipant() {
        given(oneOfEachKind())
                .started()
                .after(Duration.ofMinutes(9))
                .unheardUntilNow("order")
                .succeeds("reserve")
                .after(Duration.ofMinutes(10).minusSeconds(1))
                .when(new SagaEvent.TimerFired())
                .expectLogged(LogKind.STEP_TIMED_OUT, LogKind.RETRY_SCHEDULED)
                .after(Duration.ofSeconds(1))
                .when(new SagaEvent.TimerFired())
                .expectLogged(LogKind.DEADLINE_PASSED, LogKind.COMPENSATION_STARTED, LogKind.COMMAND_SENT);
    }

    @Test
    void clockThatRunsBehindDoesNotTurnTheSagasTimeBack() {
        SagaScenario saga = given(oneOfEachKind()).started();
        SagaDecision decision = SagaStateMachine.decide(
                oneOfEachKind(),
                saga.saga(),
                saga.answer("reserve", Outcome.SUCCEEDED, null),
                Now.at(SagaScenario.START.minusSeconds(5)));
        assertThat(decision.next().updatedAt()).isEqualTo(SagaScenario.START);
    }

    @Test
    void deadlineBeforeThePivotCompensates() {
        given(oneOfEachKind())
                .started()
                .after(Duration.ofMinutes(10))
                .when(new SagaEvent.TimerFired())
                .expectLogged(LogKind.DEADLINE_PASSED, LogKind.COMPENSATION_STARTED, LogKind.COMMAND_SENT)
                .expect("inventory.release");
    }

    @Test
    void deadlineDoesNotConcernASagaPastItsPivot() {
        given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .after(Duration.ofMinutes(10))
                .when(new SagaEvent.TimerFired())
                .expectLogged(LogKind.STEP_TIMED_OUT, LogKind.RETRY_SCHEDULED)
                .expectState(SagaState.RUNNING);
    }

    @Test
    void parallelStepsAreUndoneTogetherAndBeforeWhatCameEarlier() {
        given(parallelReservations())
                .started()
                .expect("hotel.book", "flight.book")
                .succeeds("hotel")
                .succeeds("flight")
                .rejects("pay", "no money")
                .expect("hotel.cancel", "flight.cancel")
                .succeeds("flight")
                .expectState(SagaState.COMPENSATING)
                .succeeds("hotel")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void whatWasInFlightWhenASiblingRefusedIsUndoneAsWell() {
        given(parallelReservations())
                .started()
                .rejects("hotel", "full")
                .expect("flight.cancel")
                .succeeds("flight")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void compensationOutOfAttemptsIsStuckAndReplayTriesAgain() {
        stuckInCompensation()
                .expectState(SagaState.STUCK)
                .expectReason("no money")
                .when(new SagaEvent.ReplayRequested("operator:ada", "stock system repaired"))
                .expect("inventory.release")
                .expectState(SagaState.COMPENSATING)
                .succeeds("reserve")
                .expectState(SagaState.COMPENSATED)
                .expectReason("no money");
    }

    @Test
    void replayOfAnExhaustedStepRunsUnderTheNextGeneration() {
        SagaScenario saga = stuckInCompensation().when(new SagaEvent.ReplayRequested("operator:ada", "repaired"));
        assertThat(saga.saga().step("reserve").generation()).isEqualTo(2);
        assertThat(saga.saga().step("reserve").attempts()).isEqualTo(1);
    }

    @Test
    void errorOfBeforeAReplayIsNotTakenForOneOfAfterIt() {
        RetryPolicy once = new RetryPolicy(1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0);
        SagaStep mail = new SagaStep(
                "mail",
                "order",
                "mail.send",
                null,
                StepKind.RETRIABLE,
                Duration.ofSeconds(30),
                once,
                StepExpressions.DEFAULT);
        SagaScenario saga = given(new SagaDefinition("mail-once", 1, null, List.of(List.of(mail))))
                .started();
        SagaEvent late = saga.answer("mail", Outcome.RETRYABLE, "busy");
        saga.due()
                .expectState(SagaState.STUCK)
                .when(new SagaEvent.ReplayRequested("operator:ada", "repaired"))
                .expect("mail.send")
                .when(late)
                .expectLogged(LogKind.REPLY_IGNORED)
                .expectState(SagaState.RUNNING);
    }

    @Test
    void replayOfWhatWasNeverSentRunsUnderTheNextGenerationToo() {
        SagaScenario saga = given(new SagaDefinition(
                        "broken-undo",
                        1,
                        null,
                        List.of(
                                List.of(step(
                                        "reserve",
                                        "inventory",
                                        "inventory.reserve",
                                        "inventory.release",
                                        StepKind.COMPENSATABLE,
                                        SagaFixtures.brokenOnceAnswered("reserve"))),
                                List.of(compensatable("pay", "payment", "payment.process", "payment.refund")))))
                .started()
                .succeeds("reserve")
                .rejects("pay", "no money")
                .expectState(SagaState.STUCK)
                .when(new SagaEvent.ReplayRequested("operator:ada", "try"))
                .expect()
                .expectState(SagaState.STUCK);
        assertThat(saga.saga().step("reserve").generation()).isEqualTo(2);
        assertThat(saga.saga().step("reserve").attempts()).isZero();
    }

    @Test
    void replayIsRefusedWhenNoGenerationIsLeft() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .rejects("complete", "order is locked");
        SagaEvent replay = new SagaEvent.ReplayRequested("operator:ada", "once more");
        for (int generation = 2; generation <= StepInstance.MOST_GENERATIONS; generation++) {
            saga.when(replay).expect("order.complete").rejects("complete", "order is locked");
        }
        saga.when(replay).expectRefused("step complete was replayed 99 times").expectState(SagaState.STUCK);
        saga.when(new SagaEvent.SkipRequested("operator:ada", "by hand")).expectState(SagaState.COMPLETED);
    }

    @Test
    void replayOfARejectedStepRunsUnderTheNextGeneration() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .rejects("complete", "order is locked")
                .expectState(SagaState.STUCK)
                .expectReason("order is locked")
                .when(new SagaEvent.ReplayRequested("operator:ada", "unlocked"))
                .expect("order.complete");
        assertThat(saga.saga().step("complete").generation()).isEqualTo(2);
        saga.succeeds("complete").expectState(SagaState.COMPLETED);
        assertThat(saga.saga().failureReason()).isNull();
    }

    @Test
    void replayOfARejectedCompensationRunsUnderTheNextGeneration() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .rejects("pay", "no money")
                .rejects("reserve", "already shipped")
                .expectState(SagaState.STUCK);
        SagaEvent old = saga.answer("reserve", Outcome.SUCCEEDED, null);
        saga.when(new SagaEvent.ReplayRequested("operator:ada", "fetched back")).expect("inventory.release");
        assertThat(saga.decision().commands().get(0).coordinates())
                .isEqualTo(new SagaLogEntry.Coordinates("reserve", Phase.COMPENSATION, 2, 1));
        saga.when(old).expectLogged(LogKind.REPLY_IGNORED);
        saga.succeeds("reserve").expectState(SagaState.COMPENSATED);
    }

    @Test
    void skippedRetriableStepCompletesTheSaga() {
        given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .rejects("complete", "order is locked")
                .when(new SagaEvent.SkipRequested("operator:ada", "completed by hand"))
                .expectStep("complete", StepStatus.SKIPPED)
                .expectState(SagaState.COMPLETED);
    }

    @Test
    void abandonedSagaIgnoresWhatStillComes() {
        stuckInCompensation()
                .when(new SagaEvent.AbandonRequested("operator:ada", "written off"))
                .expectLogged(LogKind.OPERATOR_ACTION, LogKind.SAGA_ABANDONED)
                .expectState(SagaState.ABANDONED)
                .succeeds("reserve")
                .expectLogged(LogKind.REPLY_IGNORED)
                .expectState(SagaState.ABANDONED);
    }

    @Test
    void retriableCommandThatCannotBeMadeIsStuckOnlyWhenNothingElseIsInFlight() {
        var broken = new StepExpressions(
                data -> true,
                data -> {
                    throw new ExpressionException("step mail, key: input.address is missing");
                },
                SagaData::input);
        given(new SagaDefinition(
                        "aftermath",
                        1,
                        null,
                        List.of(
                                List.of(step("pay", "payment", "payment.process", "payment.refund", StepKind.PIVOT)),
                                List.of(
                                        step("complete", "order", "order.complete", null, StepKind.RETRIABLE),
                                        step("mail", "order", "mail.send", null, StepKind.RETRIABLE, broken)))))
                .started()
                .succeeds("pay")
                .expect("order.complete")
                .expectState(SagaState.RUNNING)
                .succeeds("complete")
                .expectState(SagaState.STUCK)
                .expectStep("mail", StepStatus.FAILED)
                .when(new SagaEvent.ReplayRequested("operator:ada", "try it"))
                .expectLogged(LogKind.OPERATOR_ACTION, LogKind.SAGA_STUCK)
                .expectState(SagaState.STUCK)
                .when(new SagaEvent.SkipRequested("operator:ada", "written by hand"))
                .expectState(SagaState.COMPLETED);
    }

    @Test
    void lateSuccessOfAnExhaustedStepFreesTheSaga() {
        stuckInCompensation().succeeds("reserve").expectState(SagaState.COMPENSATED);
    }

    @Test
    void stuckOnlyWhenNothingElseIsInFlight() {
        given(parallelReservations())
                .started()
                .succeeds("hotel")
                .succeeds("flight")
                .rejects("pay", "no money")
                .rejects("hotel", "not on a Sunday")
                .expectState(SagaState.COMPENSATING)
                .succeeds("flight")
                .expectState(SagaState.STUCK);
    }

    @Test
    void skippedStuckCompensationLetsTheRestBeUndone() {
        stuckInCompensation()
                .when(new SagaEvent.SkipRequested("operator:ada", "released by hand"))
                .expectStep("reserve", StepStatus.SKIPPED)
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void lateAnswerToAnActionThatIsBeingUndoneIsIgnored() {
        SagaScenario saga = given(orderFulfilment()).started();
        SagaEvent late = saga.succeeds("validate-customer")
                .succeeds("validate-product")
                .succeeds("reserve")
                .answer("pay", Outcome.REJECTED, "declined");
        saga.due().due().due().expect("payment.refund");
        saga.when(late).expectLogged(LogKind.REPLY_IGNORED);
    }

    @Test
    void cancelBeforeThePivotCompensates() {
        given(oneOfEachKind())
                .started()
                .when(new SagaEvent.CancelRequested("client:/order-service", "changed my mind", "event-2"))
                .expectLogged(LogKind.OPERATOR_ACTION, LogKind.COMPENSATION_STARTED, LogKind.COMMAND_SENT)
                .expect("inventory.release");
    }

    @Test
    void cancelPastThePivotIsRefusedAndSaysWhy() {
        SagaScenario saga = given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .succeeds("pay")
                .when(new SagaEvent.CancelRequested("client:/order-service", "changed my mind", "event-2"))
                .expect()
                .expectLogged(LogKind.OPERATOR_ACTION)
                .expectState(SagaState.RUNNING);
        assertThat(saga.decision().entries().get(0).text(SagaLogEntry.Detail.REFUSED))
                .isEqualTo("the saga is past its pivot and can only go forward");
    }

    @Test
    void stepWhoseConditionIsFalseIsSkipped() {
        var never = new StepExpressions(data -> false, data -> data.sagaId().toString(), SagaData::input);
        given(new SagaDefinition(
                        "conditional",
                        1,
                        null,
                        List.of(
                                List.of(step(
                                        "gift", "gift", "gift.wrap", "gift.unwrap", StepKind.COMPENSATABLE, never)),
                                List.of(compensatable("pay", "payment", "payment.process", "payment.refund")))))
                .started()
                .expect("payment.process")
                .rejects("pay", "declined")
                .expectState(SagaState.COMPENSATED);
    }

    @Test
    void commandThatCannotBeMadeCompensates() {
        var broken = new StepExpressions(
                data -> true,
                data -> {
                    throw new ExpressionException("step pay, key: input.customerId is missing");
                },
                SagaData::input);
        given(new SagaDefinition(
                        "broken",
                        1,
                        null,
                        List.of(
                                List.of(compensatable(
                                        "reserve", "inventory", "inventory.reserve", "inventory.release")),
                                List.of(step(
                                        "pay",
                                        "payment",
                                        "payment.process",
                                        "payment.refund",
                                        StepKind.COMPENSATABLE,
                                        broken)))))
                .started()
                .succeeds("reserve")
                .expect("inventory.release")
                .expectReason("step pay, key: input.customerId is missing");
    }

    @Test
    void compensationGoesWithoutItsReasonWhenThereIsNoRoomForIt() {
        var cramped = new StepExpressions(data -> true, data -> "key", SagaData::input, body -> {
            if (body.size() > 1) {
                throw new ExpressionException("step reserve: too large");
            }
        });
        SagaScenario saga = given(new SagaDefinition(
                        "cramped",
                        1,
                        null,
                        List.of(
                                List.of(step(
                                        "reserve",
                                        "inventory",
                                        "inventory.reserve",
                                        "inventory.release",
                                        StepKind.COMPENSATABLE,
                                        cramped)),
                                List.of(compensatable("pay", "payment", "payment.process", "payment.refund")))))
                .started()
                .succeeds("reserve")
                .rejects("pay", "declined")
                .expect("inventory.release");
        assertThat(saga.decision().commands().get(0).payload()).isEqualTo(Map.of("orderId", "o-1"));
    }

    @Test
    void compensationThatCannotBeMadeIsStuckWithoutAnyAttempt() {
        var once = SagaFixtures.brokenOnceAnswered("reserve");
        SagaScenario saga = given(new SagaDefinition(
                        "broken-undo",
                        1,
                        null,
                        List.of(
                                List.of(step(
                                        "reserve",
                                        "inventory",
                                        "inventory.reserve",
                                        "inventory.release",
                                        StepKind.COMPENSATABLE,
                                        once)),
                                List.of(compensatable("pay", "payment", "payment.process", "payment.refund")))))
                .started()
                .succeeds("reserve")
                .rejects("pay", "declined")
                .expectState(SagaState.STUCK)
                .expectStep("reserve", StepStatus.FAILED);
        assertThat(saga.saga().step("reserve").attempts()).isZero();
        assertThat(saga.saga().step("reserve").phase()).isEqualTo(Phase.COMPENSATION);
    }

    @Test
    void sagaOfAnotherVersionIsRefused() {
        SagaInstance saga = given(oneOfEachKind()).started().saga();
        SagaDefinition other =
                new SagaDefinition("one-of-each-kind", 2, null, oneOfEachKind().groups());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SagaStateMachine.decide(other, saga, new SagaEvent.TimerFired(), Now.at(SagaScenario.START)))
                .withMessageContaining("one-of-each-kind:2");
    }

    static SagaScenario stuckInCompensation() {
        return given(oneOfEachKind())
                .started()
                .succeeds("reserve")
                .rejects("pay", "no money")
                .fails("reserve", "stock system is down")
                .due()
                .fails("reserve", "stock system is down");
    }

    private static SagaEvent reply(String step, Phase phase, int generation) {
        return new SagaEvent.ReplyArrived(
                step, phase, generation, 1, Outcome.SUCCEEDED, null, null, Map.of(), "reply-x");
    }

    @Test
    void planStandsUntilItsTimeUnlessTheSagaWantsToBeLookedAtSooner() {
        Instant noon = SagaScenario.START;
        Instant soon = noon.plusSeconds(10);
        Instant later = noon.plusSeconds(20);

        assertThat(SagaStateMachine.nextLookAt(null, later, noon))
                .as("none yet")
                .isEqualTo(later);
        assertThat(SagaStateMachine.nextLookAt(soon, later, noon)).as("sooner").isEqualTo(soon);
        assertThat(SagaStateMachine.nextLookAt(later, soon, noon))
                .as("too late")
                .isEqualTo(soon);
        assertThat(SagaStateMachine.nextLookAt(soon, later, soon)).as("come").isEqualTo(later);
        assertThat(SagaStateMachine.nextLookAt(soon, null, noon)).as("ended").isNull();
        assertThat(SagaStateMachine.nextLookAt(null, noon, soon)).as("overdue").isEqualTo(soon);
        assertThat(SagaStateMachine.nextLookAt(later, noon, soon)).as("overdue").isEqualTo(soon);
        assertThat(SagaStateMachine.nextLookAt(soon, noon, later))
                .as("waits for its look already")
                .isEqualTo(soon);
        assertThat(SagaStateMachine.nextLookAt(noon, soon, later))
                .as("waits for its look already")
                .isEqualTo(soon);
    }
}
