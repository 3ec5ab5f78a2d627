package dev.counterstep.orchestrator.simulation;

import org.jspecify.annotations.Nullable;

/** What can be asked of the simulation by system property. */
final class Settings {

    static final String BUG = "simulation.bug";

    /** With the modules it needs, for nothing of them need be installed; none of those has the test. */
    static final String TEST = "./mvnw -pl orchestrator -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=";

    private Settings() {}

    /** {@code simulation.seeds}: how many seeds are run. */
    static long seeds() {
        return Long.getLong("simulation.seeds", 20_000);
    }

    /** {@code simulation.first}: the lowest of them. */
    static long first() {
        return Long.getLong("simulation.first", 1);
    }

    /** {@code simulation.seed}: the one seed to replay; null when there is none. */
    static @Nullable Long seed() {
        return Long.getLong("simulation.seed");
    }

    /** {@code simulation.bug}: plants a bug by hand, and the build turns red; null when there is none. */
    static @Nullable PlantedBug bug() {
        String bug = System.getProperty(BUG);
        return bug == null ? null : PlantedBug.valueOf(bug);
    }

    /** The one to be tested: with the bug, if there is one. */
    static Engine engine() {
        PlantedBug bug = bug();
        return bug == null ? Engine.REAL : bug.engine;
    }

    /** What replays a seed, with the bug it was run with. */
    static String replay(long seed, @Nullable PlantedBug bug) {
        return TEST + "SagaSimulationTest -Dsimulation.seed=" + seed + (bug == null ? "" : " -D" + BUG + "=" + bug);
    }
}
