package dev.counterstep.orchestrator.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Detail;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepKind;

/** What a saga's log must not say. */
final class LogChecks {

    private final Verdict verdict;
    private final SagaDefinition definition;
    private final SagaInstance saga;
    private final List<SagaLogEntry> log;

    LogChecks(Verdict verdict, SagaDefinition definition, SagaInstance saga, List<SagaLogEntry> log) {
        this.verdict = verdict;
        this.definition = definition;
        this.saga = saga;
        this.log = log;
    }

    void check() {
        repliesCountOnce();
        onlyWhatMayHaveRunIsCompensated();
        triesAreBounded();
        compensationHasACause();
    }

    /** An attempt that its participant did not get in time, with time left all the same, is none. */
    private void triesAreBounded() {
        int generations = 1;
        Map<String, Integer> expired = new HashMap<>();
        for (SagaLogEntry entry : log) {
            Coordinates at = entry.coordinates();
            if (isGranted(entry, Detail.REPLAY)) {
                generations++;
            } else if (at != null && isExpired(entry)) {
                expired.merge(command(at), 1, Integer::sum);
            } else if (at != null && entry.kind() == LogKind.COMMAND_SENT) {
                int most = definition.step(at.step()).retry().attempts() + expired.getOrDefault(command(at), 0);
                if (at.attempt() > most || at.generation() > generations) {
                    verdict.violated(
                            Check.TRIES_ARE_BOUNDED,
                            saga.id().getLeastSignificantBits() + ": " + at + ", of " + most + " attempts and "
                                    + generations + " generations");
                }
            }
        }
    }

    private static String command(Coordinates at) {
        return at.step() + at.phase() + at.generation();
    }

    private static boolean isExpired(SagaLogEntry entry) {
        return entry.kind() == LogKind.REPLY_RECEIVED
                && String.valueOf(entry.detail().get(Detail.REASON)).startsWith("EXPIRED");
    }

    /** Whether somebody asked for this and got it. */
    private static boolean isGranted(SagaLogEntry entry, String action) {
        return entry.kind() == LogKind.OPERATOR_ACTION
                && action.equals(entry.detail().get(Detail.ACTION))
                && !entry.detail().containsKey(Detail.REFUSED);
    }

    private void compensationHasACause() {
        boolean caused = false;
        boolean compensates = false;
        for (SagaLogEntry entry : log) {
            caused |= isCause(entry);
            compensates |= entry.kind() == LogKind.COMPENSATION_STARTED;
            if (entry.kind() == LogKind.COMPENSATION_STARTED && !caused) {
                violated("turns round for no reason: " + entry);
            }
        }
        if (saga.state() == SagaState.COMPENSATED && !compensates) {
            violated("is compensated and never turned round");
        }
    }

    private void violated(String how) {
        verdict.violated(Check.COMPENSATION_HAS_A_CAUSE, saga.id().getLeastSignificantBits() + " " + how);
    }

    private boolean isCause(SagaLogEntry entry) {
        return switch (entry.kind()) {
            case REPLY_RECEIVED, STEP_TIMED_OUT -> isFailedAction(entry);
            case DEADLINE_PASSED -> saga.deadlineAt() != null && !entry.at().isBefore(saga.deadlineAt());
            case OPERATOR_ACTION -> isGranted(entry, Detail.CANCEL) || isGranted(entry, Detail.COMPENSATE);
            case COMPENSATION_STARTED ->
                Definitions.UNBUILDABLE.equals(entry.detail().get(Detail.REASON));
            default -> false;
        };
    }

    /** Refused, or sent as often as its policy says. Past the pivot neither turns a saga round. */
    private boolean isFailedAction(SagaLogEntry entry) {
        Coordinates at = Objects.requireNonNull(entry.coordinates());
        SagaStep step = definition.step(at.step());
        boolean refused = Outcome.REJECTED.name().equals(entry.detail().get(Detail.OUTCOME));
        boolean exhausted = Boolean.TRUE.equals(entry.detail().get(Detail.EXHAUSTED))
                && at.attempt() >= step.retry().attempts();
        return at.phase() == Phase.ACTION && step.kind() != StepKind.RETRIABLE && (refused || exhausted);
    }

    /** A participant that asks for more time twice asks by the same message: that one may count again. */
    private void repliesCountOnce() {
        Set<String> counted = new HashSet<>();
        for (SagaLogEntry entry : log) {
            String message = entry.messageId();
            if (entry.kind() == LogKind.REPLY_RECEIVED && message != null && !message.endsWith("IN_PROGRESS")) {
                Coordinates at = Objects.requireNonNull(entry.coordinates());
                if (!counted.add(message)) {
                    verdict.violated(Check.REPLY_COUNTS_ONCE, message + " was counted again, for " + at);
                }
            }
        }
    }

    private void onlyWhatMayHaveRunIsCompensated() {
        Set<String> mayHaveRun = new HashSet<>();
        definition.steps().stream().filter(step -> step.action() == null).forEach(step -> mayHaveRun.add(step.id()));
        for (SagaLogEntry entry : log) {
            Coordinates at = entry.coordinates();
            if (at == null) {
                continue;
            }
            boolean action = at.phase() == Phase.ACTION;
            String message = String.valueOf(entry.messageId());
            if (entry.kind() == LogKind.COMMAND_SENT && action) {
                mayHaveRun.add(at.step());
            } else if (entry.kind() == LogKind.REPLY_RECEIVED && action && message.endsWith("REJECTED")) {
                mayHaveRun.remove(at.step());
            } else if (entry.kind() == LogKind.COMMAND_SENT && !mayHaveRun.contains(at.step())) {
                verdict.violated(
                        Check.REJECTED_IS_NOT_COMPENSATED,
                        saga.id().getLeastSignificantBits() + ": " + at.step() + " is compensated and never ran");
            }
        }
    }
}
