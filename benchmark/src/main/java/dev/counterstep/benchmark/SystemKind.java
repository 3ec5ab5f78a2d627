package dev.counterstep.benchmark;

import java.util.Locale;

import dev.counterstep.benchmark.load.Load;

/** What is measured. */
enum SystemKind {
    /** Counterstep. */
    PRODUCT(1, 1000),
    /** The same rows and messages, written by hand with nothing between. */
    FLOOR(1, 1000),
    /** DBOS Transact: a saga is started by a call of its own, so many callers do. */
    DBOS(16, 1),
    /** Flowable: many sagas can be started in one transaction. */
    FLOWABLE(2, 100);

    private final int writers;
    private final int batch;

    SystemKind(int writers, int batch) {
        this.writers = writers;
        this.batch = batch;
    }

    /** Whether it is somebody else's engine, with a class path of its own. */
    boolean isPeer() {
        return this == DBOS || this == FLOWABLE;
    }

    /** The load in a closed loop that suits it best, placed by code in its own JVM. */
    Load closedLoop(int inFlight, double declineRate) {
        return new Load(inFlight, 0, declineRate, writers, batch);
    }

    /** For people, and in JSON. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
