package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.counterstep.orchestrator.simulation.Plan.Strike;

/** Makes a failing run small: leaves out sagas and strikes of faults, as long as the same check still fails. */
final class Shrinker {

    private static final int MOST_RUNS = 4_000;
    private static final int TRIES = 6;
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
        int before;
        do {
            before = shrinker.size();
            shrinker.leaveOutSagas();
            shrinker.leaveOutStrikes();
        } while (shrinker.size() < before && shrinker.runs < MOST_RUNS);
        return Simulation.run(shrinker.smallest.plan(), engine, Trace.on());
    }

    private int size() {
        return smallest.struck().size() - smallest.plan().withoutSagas().size();
    }

    /** What is left out takes its share of chance along, so that the rest goes another way: a few ways are tried. */
    private boolean failsWithout(Set<Integer> sagas, Set<Strike> strikes, int tries) {
        for (int luck = 0; luck < tries && runs < MOST_RUNS; luck++) {
            runs++;
            Plan plan = new Plan(smallest.plan().seed(), sagas, strikes, luck);
            Simulation.Result result = Simulation.run(plan, engine, Trace.off());
            if (fails(result) && result.struck().size() <= smallest.struck().size()) {
                smallest = result;
                return true;
            }
        }
        return false;
    }

    private boolean fails(Simulation.Result result) {
        Check check = smallest.violations().get(0).check();
        return result.violations().stream().anyMatch(violation -> violation.check() == check);
    }

    private void leaveOutSagas() {
        for (int saga = 0; saga < MOST_SAGAS; saga++) {
            Set<Integer> without = new HashSet<>(smallest.plan().withoutSagas());
            if (without.add(saga)) {
                failsWithout(without, smallest.plan().without(), TRIES);
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
                failsWithout(smallest.plan().withoutSagas(), without, TRIES);
            }
        }
    }
}
