package dev.counterstep.orchestrator.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;

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
