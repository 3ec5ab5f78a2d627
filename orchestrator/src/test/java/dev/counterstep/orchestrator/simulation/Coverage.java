package dev.counterstep.orchestrator.simulation;

import java.util.HashMap;
import java.util.Map;

import dev.counterstep.orchestrator.saga.SagaState;

/** What a run, or many, have seen: faults, transitions, verdicts of the barrier. */
final class Coverage {

    /** That a saga moved from one state to another because of some kind of event. */
    record Move(SagaState from, SagaState to, String event) {

        @Override
        public String toString() {
            return from + " --> " + to + " : " + event;
        }
    }

    private final Map<Object, Long> counts = new HashMap<>();

    /** {@code what}: a fault, a move, a verb of the barrier, a kind of log entry, a state or a status. */
    void count(Object what) {
        counts.merge(what, 1L, Long::sum);
    }

    void add(Coverage other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }

    long of(Object what) {
        return counts.getOrDefault(what, 0L);
    }

    Map<Object, Long> counts() {
        return counts;
    }
}
