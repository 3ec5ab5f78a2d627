package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Detail;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepStatus;
import dev.counterstep.orchestrator.simulation.Ledger.Effect;

/** What a saga must, and must not, have done to the world. */
final class EffectChecks {

    private final Verdict verdict;
    private final SagaDefinition definition;
    private final SagaInstance saga;
    private final List<Effect> effects;
    private final List<Effect> bookings;
    private final Set<String> skipped = new HashSet<>();
    private final Set<String> passedOver = new HashSet<>();
    private final Set<Coordinates> sent;
    private final Map<String, Integer> groups = new HashMap<>();

    EffectChecks(
            Verdict verdict,
            SagaDefinition definition,
            SagaInstance saga,
            List<SagaLogEntry> log,
            List<Effect> effects,
            List<Effect> bookings) {
        this.verdict = verdict;
        this.definition = definition;
        this.saga = saga;
        this.effects = effects;
        this.bookings = bookings;
        for (SagaLogEntry entry : log) {
            if (entry.kind() == LogKind.STEP_SKIPPED && entry.coordinates() != null) {
                skipped.add(entry.coordinates().step());
            }
            if (isPassedOver(definition, entry) && entry.coordinates() != null) {
                passedOver.add(entry.coordinates().step());
            }
        }
        this.sent = log.stream()
                .filter(entry -> entry.kind() == LogKind.COMMAND_SENT && entry.coordinates() != null)
                .map(entry -> anyAttempt(entry.coordinates()))
                .collect(Collectors.toSet());
        for (int i = 0; i < definition.groups().size(); i++) {
            for (SagaStep step : definition.groups().get(i)) {
                groups.put(step.id(), i);
            }
        }
    }

    /** A compensation that is refused or out of attempts is left behind, if the definition says so, and may be done at last. */
    private static boolean isPassedOver(SagaDefinition definition, SagaLogEntry entry) {
        Map<String, Object> detail = entry.detail();
        return definition.onStuckCompensation() == OnStuckCompensation.CONTINUE
                && entry.coordinates() != null
                && entry.coordinates().phase() == Phase.COMPENSATION
                && (Boolean.TRUE.equals(detail.get(Detail.EXHAUSTED))
                        || (entry.kind() == LogKind.REPLY_RECEIVED
                                && Outcome.REJECTED.name().equals(detail.get(Detail.OUTCOME))));
    }

    private static Coordinates anyAttempt(Coordinates at) {
        return new Coordinates(at.step(), at.phase(), at.generation(), 0);
    }

    /** What holds at any time, and never again once it does not. */
    void checkHistory() {
        definition.steps().forEach(this::happenedAsItMay);
        order(Phase.ACTION, 1, Check.GROUPS_IN_ORDER);
        order(Phase.COMPENSATION, -1, Check.REVERSE_ORDER);
        for (Effect effect : effects) {
            if (!sent.contains(new Coordinates(effect.step(), effect.phase(), effect.generation(), 0))) {
                violated(Check.EFFECT_HAS_ITS_COMMAND, effect.step(), "has an effect without a command: " + effect);
            }
        }
    }

    /** What holds once nothing is on its way any more. */
    void checkEnd() {
        definition.steps().forEach(this::endedAsItMust);
    }

    private void happenedAsItMay(SagaStep step) {
        List<Phase> history = phases(effects, step);
        long done = count(step, Phase.ACTION);
        long undone = count(step, Phase.COMPENSATION);
        if (done > 1) {
            violated(Check.ACTION_AT_MOST_ONCE, step.id(), "was done " + done + " times");
        }
        if (undone > 1) {
            violated(Check.COMPENSATION_AT_MOST_ONCE, step.id(), "was undone " + undone + " times");
        }
        if (undone > 0 && done == 0 && step.action() != null) {
            violated(Check.UNDONE_WAS_DONE, step.id(), "was undone and never done");
        }
        if (isDoneAfterUndone(history) || isDoneAfterUndone(phases(bookings, step))) {
            violated(Check.NO_ACTION_AFTER_ITS_COMPENSATION, step.id(), "was done after it was undone");
        }
    }

    private static List<Phase> phases(List<Effect> effects, SagaStep step) {
        List<Phase> phases = new ArrayList<>(effects.size());
        for (Effect effect : effects) {
            if (effect.step().equals(step.id())) {
                phases.add(effect.phase());
            }
        }
        return phases;
    }

    private long count(SagaStep step, Phase phase) {
        long count = 0;
        for (Effect effect : effects) {
            count += effect.phase() == phase && effect.step().equals(step.id()) ? 1 : 0;
        }
        return count;
    }

    private static boolean isDoneAfterUndone(List<Phase> history) {
        return history.contains(Phase.COMPENSATION)
                && history.lastIndexOf(Phase.ACTION) > history.indexOf(Phase.COMPENSATION);
    }

    private void endedAsItMust(SagaStep step) {
        long done = count(step, Phase.ACTION);
        long undone = count(step, Phase.COMPENSATION);
        if (skipped.contains(step.id())) {
            return;
        }
        if (saga.state() == SagaState.COMPLETED) {
            boolean expected = step.action() == null ? undone == 0 : done == 1 && undone == 0;
            if (!expected || saga.step(step.id()).status() != StepStatus.SUCCEEDED) {
                violated(Check.COMPLETED_DID_EVERYTHING, step.id(), "done " + done + ", undone " + undone);
            }
        }
        if (saga.state() == SagaState.COMPENSATED && step.compensation() != null) {
            boolean expected = step.action() == null ? undone == 1 : done == undone;
            if (!expected) {
                violated(Check.COMPENSATED_LEAVES_NOTHING, step.id(), "done " + done + ", undone " + undone);
            }
        }
    }

    /** What an operator skipped may still take effect, whenever it likes; so may what was passed over. */
    private void order(Phase phase, int direction, Check check) {
        int last = direction > 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (Effect effect : effects) {
            Integer group = groups.get(effect.step());
            boolean late = phase == Phase.COMPENSATION && passedOver.contains(effect.step());
            if (effect.phase() != phase || group == null || skipped.contains(effect.step()) || late) {
                continue;
            }
            if ((group - last) * (long) direction < 0 && last != Integer.MIN_VALUE && last != Integer.MAX_VALUE) {
                violated(check, effect.step(), "of group " + group + " came after group " + last);
            }
            last = group;
        }
    }

    private void violated(Check check, String step, String how) {
        verdict.violated(
                check,
                "saga " + saga.id().getLeastSignificantBits() + " (" + saga.definition() + ":"
                        + saga.definitionVersion() + ", " + saga.state() + "), step " + step + ": " + how);
    }
}
