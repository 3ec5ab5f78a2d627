package dev.counterstep.orchestrator.simulation;

import java.util.Set;

/**
 * What a run is made from: equal plans make equal runs. A failing seed is shrunk by leaving out what its failure does not need.
 *
 * @param seed from which all randomness derives
 * @param withoutSagas numbers of the sagas that are not started
 * @param without faults that do not strike: single strikes
 * @param luck another order of what happens at the same time, and other durations; 0 for those of the seed itself
 */
record Plan(long seed, Set<Integer> withoutSagas, Set<Strike> without, int luck) {

    /** The n-th time, from 0, that a fault would strike. */
    record Strike(Fault fault, int number) {}

    Plan {
        withoutSagas = Set.copyOf(withoutSagas);
        without = Set.copyOf(without);
    }

    /** A seed as it is. */
    static Plan of(long seed) {
        return new Plan(seed, Set.of(), Set.of(), 0);
    }
}
