package dev.counterstep.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.load.LoadReport;

/** One run: starts a system on an empty folder, warms it up, measures it, lets every order end, and audits what it wrote. */
final class Run {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);
    private static final Duration COMPILER_LOOK = Duration.ofSeconds(5);

    /** The compiler rests when it takes less of one processor than this. */
    private static final double MOST_COMPILING = 0.1;

    private static final double MILLIS = 1000;

    private final Options options;
    private final Progress progress;

    Run(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Does it.
     *
     * @param number of the run, for the files of its profile
     * @throws IllegalStateException when the system does not start or gives no answer
     */
    RunResult of(SystemKind kind, int number) throws IOException, InterruptedException, SQLException {
        progress.begin("%s %d/%d".formatted(kind.title(), number, options.runs()));
        progress.stage("starting");
        try (SystemUnderTest system =
                        SystemUnderTest.start(kind, options.folder(), options.heap(), options.springProperties());
                Driver driver = driver(kind, system)) {
            Postgres postgres = new Postgres(system.ready());
            startProfiling(system);
            warmUp(kind, system, driver);
            return measure(kind, number, system, driver, postgres);
        }
    }

    private Driver driver(SystemKind kind, SystemUnderTest system) {
        return options.isRest(kind) ? new RestDriver(system.ready()) : new InsideDriver(system);
    }

    /** Always in a closed loop: at twenty orders a second, a JVM stays cold for minutes. */
    private void warmUp(SystemKind kind, SystemUnderTest system, Driver driver) throws InterruptedException {
        driver.start(options.closedLoop(kind));
        progress.pause("warming up", options.warmup());
        awaitCompiler(system);
        if (options.command() == Options.Command.LATENCY) {
            double rate = options.rate() < 0 ? -options.rate() * saturation(driver) : options.rate();
            requireDrained(driver);
            progress.stage("%.1f orders a second".formatted(rate));
            driver.start(options.closedLoop(kind).atRate(rate));
            progress.pause("settling", options.warmup().dividedBy(4));
        }
    }

    private double saturation(Driver driver) throws InterruptedException {
        driver.window();
        progress.pause("finding saturation", options.duration());
        return Math.max(1, driver.window().perSecond());
    }

    /** A JVM that still compiles gives its processor to that: what it would be measured doing. */
    private void awaitCompiler(SystemUnderTest system) throws InterruptedException {
        long giveUpAt =
                System.nanoTime() + options.maxWarmup().minus(options.warmup()).toNanos();
        long before = compiledMillis(system);
        boolean busy = true;
        while (busy && System.nanoTime() < giveUpAt) {
            progress.pause("warming up until the compiler rests", COMPILER_LOOK);
            long now = compiledMillis(system);
            busy = now - before > COMPILER_LOOK.toMillis() * MOST_COMPILING;
            before = now;
        }
    }

    private static long compiledMillis(SystemUnderTest system) throws InterruptedException {
        return system.ask(Request.of(Request.Verb.COMPILED), Long.class, AT_ONCE);
    }

    private RunResult measure(SystemKind kind, int number, SystemUnderTest system, Driver driver, Postgres postgres)
            throws InterruptedException, SQLException, IOException {
        postgres.countStatements();
        Meters before = Meters.read(system.ready(), postgres);
        long compiled = compiledMillis(system);
        driver.window();
        progress.pause("measuring", options.duration());
        LoadReport load = driver.window();
        Meters used = Meters.read(system.ready(), postgres).since(before);
        double compileSeconds = (compiledMillis(system) - compiled) / MILLIS;
        stopProfiling(kind, number, system, postgres);
        progress.stage("letting every order end");
        requireDrained(driver);
        double heapMb = system.ask(Request.of(Request.Verb.HEAP), Double.class, AT_ONCE);
        Audit audit = Audit.settled(kind, postgres, load.placed());
        return RunResult.of(
                kind,
                load,
                used,
                new RunResult.Jvm(heapMb, compileSeconds),
                kind == SystemKind.PRODUCT ? audit.withFold(postgres) : audit);
    }

    private static void requireDrained(Driver driver) throws InterruptedException {
        if (!driver.drain()) {
            throw new IllegalStateException("some orders did not end within " + Driver.DRAIN_LIMIT.toSeconds() + " s");
        }
    }

    /** Before anything is compiled: when a recording starts, the JVM throws away all code that it has compiled. */
    private void startProfiling(SystemUnderTest system) throws InterruptedException {
        if (options.profile() != null) {
            system.ask(Request.of(Request.Verb.START_PROFILING), Boolean.class, AT_ONCE);
        }
    }

    private void stopProfiling(SystemKind kind, int number, SystemUnderTest system, Postgres postgres)
            throws InterruptedException, SQLException, IOException {
        @Nullable Path folder = options.profile();
        if (folder != null) {
            Files.createDirectories(folder);
            String name = kind.title() + "-" + number;
            Path recording = folder.resolve(name + ".jfr").toAbsolutePath();
            system.ask(new Request(Request.Verb.STOP_PROFILING, null, recording.toString()), Boolean.class, AT_ONCE);
            Files.write(folder.resolve(name + "-statements.tsv"), postgres.costliest(), StandardCharsets.UTF_8);
        }
    }
}
