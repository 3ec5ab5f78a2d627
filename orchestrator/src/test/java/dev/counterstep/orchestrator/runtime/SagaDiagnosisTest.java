package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.counterstep.orchestrator.persistence.ParticipantStore.Pause;
import dev.counterstep.orchestrator.runtime.SagaDiagnosis.Verdict;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.saga.StepStatus;

import static org.assertj.core.api.Assertions.assertThat;

class SagaDiagnosisTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Pause PAUSE = new Pause(NOON, "operator:ada", "new gateway");

    @ParameterizedTest
    @CsvSource({
        "FAILED,   ACTION,       RETRIABLE,     5, ACTION_OUT_OF_ATTEMPTS",
        "REJECTED, ACTION,       RETRIABLE,     1, ACTION_REJECTED",
        "FAILED,   COMPENSATION, COMPENSATABLE, 5, COMPENSATION_OUT_OF_ATTEMPTS",
        "REJECTED, COMPENSATION, COMPENSATABLE, 1, COMPENSATION_REJECTED",
        "FAILED,   ACTION,       RETRIABLE,     0, COMMAND_NOT_BUILDABLE",
        "FAILED,   COMPENSATION, COMPENSATABLE, 0, COMMAND_NOT_BUILDABLE"
    })
    void stuckSagaIsToldFromTheStepThatHoldsIt(
            StepStatus status, Phase phase, StepKind kind, int attempts, Verdict verdict) {
        SagaDiagnosis diagnosis = diagnose(SagaState.STUCK, step(status, phase, kind, attempts));
        assertThat(diagnosis.verdict()).isEqualTo(verdict);
        assertThat(diagnosis.sentence()).contains("step pay").endsWith("no money");
        assertThat(diagnosis.nextAction()).isNull();
    }

    @Test
    void activeSagaSaysWhomItWaitsForAndWhatHappensNext() {
        StepInstance sent = step(StepStatus.SENT, Phase.ACTION, StepKind.COMPENSATABLE, 2);
        SagaDiagnosis diagnosis = diagnose(SagaState.RUNNING, sent);
        assertThat(diagnosis.verdict()).isEqualTo(Verdict.AWAITING_REPLY);
        assertThat(diagnosis.sentence()).isEqualTo("bank has not answered attempt 2 of the action of step pay yet");
        assertThat(diagnosis.nextAction()).contains(NOON.toString());
    }

    @Test
    void sagaBetweenTwoAttemptsSaysWhyAndWhenItGoesOn() {
        StepInstance retrying = step(StepStatus.RETRYING, Phase.COMPENSATION, StepKind.COMPENSATABLE, 2);
        SagaDiagnosis diagnosis = diagnose(SagaState.COMPENSATING, retrying);
        assertThat(diagnosis.verdict()).isEqualTo(Verdict.AWAITING_RETRY);
        assertThat(diagnosis.sentence()).isEqualTo("attempt 2 of the compensation of step pay failed: no money");
        assertThat(diagnosis.nextAction()).isEqualTo("at 2026-01-01T12:00:00Z it is sent to bank again");
    }

    @Test
    void endedSagaHasNothingToCome() {
        StepInstance done = step(StepStatus.SUCCEEDED, Phase.ACTION, StepKind.COMPENSATABLE, 1);
        assertThat(diagnose(SagaState.COMPLETED, done))
                .isEqualTo(new SagaDiagnosis(Verdict.ENDED, "every step was done", null));
    }

    @Test
    void sagaThatWaitsForAPausedParticipantSaysWhoPausedItAndWhy() {
        StepInstance sent = new StepInstance(
                "pay", "money", StepKind.PIVOT, StepStatus.SENT, Phase.ACTION, 1, 1, NOON, null, NOON, null);
        SagaDiagnosis diagnosis = diagnose(SagaState.RUNNING, sent);
        assertThat(diagnosis.verdict()).isEqualTo(Verdict.PARTICIPANT_PAUSED);
        assertThat(diagnosis.sentence())
                .isEqualTo("the action of step pay waits: participant money is paused by operator:ada since"
                        + " 2026-01-01T12:00:00Z: new gateway");
    }

    private static SagaDiagnosis diagnose(SagaState state, StepInstance step) {
        SagaInstance saga = new SagaInstance(
                new UUID(0, 1),
                "purchase",
                1,
                "order-1",
                state,
                NOON,
                NOON,
                state.isFinal() ? NOON : null,
                null,
                null,
                "no money",
                new SagaInstance.Origin("correlation", null),
                Map.of(),
                Map.of(),
                Map.of("pay", step));
        return SagaDiagnosis.of(saga, Map.of("money", PAUSE));
    }

    private static StepInstance step(StepStatus status, Phase phase, StepKind kind, int attempts) {
        Instant due = status.isInFlight() ? NOON : null;
        return new StepInstance("pay", "bank", kind, status, phase, 1, attempts, NOON, null, due, "no money");
    }
}
