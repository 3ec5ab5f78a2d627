package dev.counterstep.benchmark;

import java.time.Duration;

/** The compilers of a measured JVM. One that still compiles gives its processor to that: what it would be measured doing. */
final class Compilers {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** They rest when they take less of one processor than this. */
    private static final double MOST_COMPILING = 0.03;

    private final SystemUnderTest system;
    private final Progress progress;

    Compilers(SystemUnderTest system, Progress progress) {
        this.system = system;
        this.progress = progress;
    }

    /** How long they have been at work in all. */
    long millis() throws InterruptedException {
        return system.ask(Request.of(Request.Verb.COMPILED), Long.class, AT_ONCE);
    }

    /** Returns when they rest, or have not for so long. The system is loaded meanwhile. */
    void awaitRest(Duration atMost) throws InterruptedException {
        long giveUpAt = System.nanoTime() + atMost.toNanos();
        long before = millis();
        boolean busy = true;
        while (busy && System.nanoTime() < giveUpAt) {
            progress.pause("warming up until the compiler rests", LOOK);
            long now = millis();
            busy = now - before > LOOK.toMillis() * MOST_COMPILING;
            before = now;
        }
    }
}
