package dev.counterstep.orchestrator.simulation;

import org.jspecify.annotations.Nullable;

/** What can be asked of the simulation by system property. */
final class Settings {

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

    /** {@code simulation.bug}: plants a bug by hand, and the build turns red. */
    static Engine engine() {
        String bug = System.getProperty("simulation.bug");
        return bug == null ? Engine.REAL : PlantedBug.valueOf(bug).engine;
    }

    /** What replays a seed as it was run here. */
    static String replay(long seed) {
        String bug = System.getProperty("simulation.bug");
        return TEST + "SagaSimulationTest -Dsimulation.seed=" + seed + (bug == null ? "" : " -Dsimulation.bug=" + bug);
    }
}
