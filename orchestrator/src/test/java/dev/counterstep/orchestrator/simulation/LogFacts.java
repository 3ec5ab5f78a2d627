package dev.counterstep.orchestrator.simulation;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Detail;

/**
 * What {@link LogChecks} and {@link EffectChecks} know of a log: for them, two logs with the same facts go on alike. What they ask
 * of a log must be told apart here, or the exhaustive model takes two histories for one.
 */
final class LogFacts {

    static final LogFacts NONE = new LogFacts(new TreeSet<>());

    /** A saga may turn round now; once it has, it does not matter why. */
    private static final String CAUSED = "caused";

    private final SortedSet<String> facts;
    private final String text;

    private LogFacts(SortedSet<String> facts) {
        this.facts = facts;
        this.text = String.join(" ", facts);
    }

    /** After some more entries. */
    LogFacts with(List<SagaLogEntry> entries) {
        SortedSet<String> more = new TreeSet<>(facts);
        entries.forEach(entry -> add(entry, more));
        return more.equals(facts) ? this : new LogFacts(more);
    }

    private static void add(SagaLogEntry entry, SortedSet<String> facts) {
        Coordinates at = entry.coordinates();
        if (entry.kind() == LogKind.COMPENSATION_STARTED) {
            facts.remove(CAUSED);
        } else if (at != null) {
            add(entry, at, facts);
        } else if (entry.kind() == LogKind.OPERATOR_ACTION && !entry.detail().containsKey(Detail.REFUSED)) {
            boolean replayed = Detail.REPLAY.equals(entry.detail().get(Detail.ACTION));
            facts.add(replayed ? "replayed" : CAUSED); // at most once: the model has one operation
        }
    }

    private static void add(SagaLogEntry entry, Coordinates at, SortedSet<String> facts) {
        Map<String, Object> detail = entry.detail();
        if (entry.kind() == LogKind.COMMAND_SENT) {
            facts.add("sent " + at.step() + at.phase() + at.generation());
            if (at.phase() == Phase.ACTION) {
                facts.remove("refused " + at.step());
            }
        } else if (entry.kind() == LogKind.STEP_SKIPPED) {
            facts.add("skipped " + at.step());
        } else if (entry.kind() == LogKind.REPLY_RECEIVED) {
            facts.add("counted " + entry.messageId());
        }
        boolean refused = entry.kind() == LogKind.REPLY_RECEIVED && "REJECTED".equals(detail.get(Detail.OUTCOME));
        if (refused && at.phase() == Phase.ACTION) {
            facts.add("refused " + at.step());
        }
        if (refused || Boolean.TRUE.equals(detail.get(Detail.EXHAUSTED))) {
            facts.add(at.phase() == Phase.ACTION ? CAUSED : "passed over " + at.step());
        }
    }

    /** All of them, in an order that does not depend on history. */
    @Override
    public String toString() {
        return text;
    }
}
