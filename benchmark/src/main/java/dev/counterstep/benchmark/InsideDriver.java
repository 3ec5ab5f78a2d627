package dev.counterstep.benchmark;

import java.time.Duration;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadReport;

/** The load generator in the measured system's JVM. */
final class InsideDriver implements Driver {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);

    private final SystemUnderTest system;

    InsideDriver(SystemUnderTest system) {
        this.system = system;
    }

    @Override
    public void start(Load load) throws InterruptedException {
        system.ask(new Request(Request.Verb.LOAD, load, null), Boolean.class, AT_ONCE);
    }

    @Override
    public LoadReport window() throws InterruptedException {
        return system.ask(Request.of(Request.Verb.WINDOW), LoadReport.class, AT_ONCE);
    }

    @Override
    public boolean drain() throws InterruptedException {
        return system.ask(Request.of(Request.Verb.DRAIN), Boolean.class, DRAIN_LIMIT.plus(AT_ONCE));
    }

    @Override
    public void close() {}
}
