package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.counterstep.orchestrator.simulation.Plan.Strike;

/** Makes a failing run small: leaves out sagas and strikes of faults, as long as the same check still fails. */
final class Shrinker {

    private static final int MOST_RUNS = 1_500;
    private static final int MOST_SAGAS = 6;

    private final Engine engine;
    private Simulation.Result smallest;
    private int runs;

    private Shrinker(Engine engine, Simulation.Result failed) {
        this.engine = engine;
        this.smallest = failed;
    }

    /** The smallest failing run found, with its trace. */
    static Simulation.Result shrink(Simulation.Result failed, Engine engine) {
        Shrinker shrinker = new Shrinker(engine, failed);
        shrinker.leaveOutSagas();
        shrinker.leaveOutStrikes();
        shrinker.leaveOutSagas();
        return Simulation.run(shrinker.smallest.plan(), engine, Trace.on());
    }

    private boolean failsWithout(Set<Integer> sagas, Set<Strike> strikes) {
        if (runs == MOST_RUNS) {
            return false;
        }
        runs++;
        Plan plan = new Plan(smallest.plan().seed(), sagas, strikes);
        Simulation.Result result = Simulation.run(plan, engine, Trace.off());
        boolean same = result.violations().stream()
                .anyMatch(violation ->
                        violation.check() == smallest.violations().get(0).check());
        if (same) {
            smallest = result;
        }
        return same;
    }

    private void leaveOutSagas() {
        for (int saga = 0; saga < MOST_SAGAS; saga++) {
            Set<Integer> without = new HashSet<>(smallest.plan().withoutSagas());
            if (without.add(saga)) {
                failsWithout(without, smallest.plan().without());
            }
        }
    }

    /** In halves, in quarters, down to one by one. */
    private void leaveOutStrikes() {
        for (int size = Math.max(1, smallest.struck().size() / 2); size >= 1; size /= 2) {
            List<Strike> left = new ArrayList<>(smallest.struck());
            for (int from = 0; from < left.size(); from += size) {
                Set<Strike> without = new HashSet<>(smallest.plan().without());
                without.addAll(left.subList(from, Math.min(left.size(), from + size)));
                failsWithout(smallest.plan().withoutSagas(), without);
            }
        }
    }
}
