package dev.counterstep.orchestrator.simulation;

import java.util.List;

import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaFold;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.simulation.Ledger.Effect;

/** Holds one saga against what was promised: its row, its log, and what really happened. */
final class SagaChecks {

    private final Verdict verdict;
    private final SagaDefinition definition;
    private final SagaInstance saga;
    private final List<SagaLogEntry> log;
    private final LogChecks logChecks;
    private final EffectChecks effectChecks;

    SagaChecks(
            Verdict verdict,
            SagaDefinition definition,
            SagaInstance saga,
            List<SagaLogEntry> log,
            List<Effect> effects,
            List<Effect> bookings) {
        this.verdict = verdict;
        this.definition = definition;
        this.saga = saga;
        this.log = log;
        this.logChecks = new LogChecks(verdict, definition, saga, log);
        this.effectChecks = new EffectChecks(verdict, definition, saga, log, effects, bookings);
    }

    /** What holds at any time, and never again once it does not. */
    void checkHistory() {
        checkReason(saga, verdict);
        logChecks.check();
        effectChecks.checkHistory();
    }

    /** What holds once nothing is on its way any more. */
    void checkEnd() {
        checkFold();
        effectChecks.checkEnd();
    }

    /** Whether a stuck saga says why. Operators free it again: to be looked at whenever a saga is stored. */
    static void checkReason(SagaInstance saga, Verdict verdict) {
        boolean explained = saga.failureReason() != null
                && saga.steps().values().stream().anyMatch(step -> step.needsOperator() && step.reason() != null);
        if (saga.state() == SagaState.STUCK && !explained) {
            verdict.violated(Check.STUCK_HAS_A_REASON, saga.id() + " does not say why");
        }
    }

    /** Whether the log tells the row. */
    void checkFold() {
        try {
            SagaInstance folded = SagaFold.fold(saga.id(), definition, log);
            if (!folded.equals(saga)) {
                verdict.violated(Check.LOG_FOLDS_TO_ROW, "the log says " + folded + ", the row " + saga);
            }
        } catch (RuntimeException e) {
            verdict.violated(Check.LOG_FOLDS_TO_ROW, "the log of " + saga.id() + " cannot be folded: " + e);
        }
    }
}
