package dev.counterstep.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadReport;

/**
 * A system that takes part in the runs: started once on an empty folder and warmed up, then loaded, measured and audited in each
 * run. For one thread.
 */
final class Contender implements AutoCloseable {

    private static final Duration AT_ONCE = Duration.ofSeconds(60);

    /**
     * How long it is loaded before each window: queues fill, caches warm. After a minute of rest the first two or three seconds of a load
     * take twice as long, and their orders must have ended by then.
     */
    static final Duration SETTLE = Duration.ofSeconds(8);

    private static final double MILLIS = 1000;

    private final Options options;
    private final Progress progress;
    private final SystemKind kind;
    private final SystemUnderTest system;
    private final Compilers compilers;
    private final Driver driver;
    private final Postgres postgres;
    private Load load;

    private Contender(Options options, Progress progress, SystemKind kind, SystemUnderTest system) {
        this.options = options;
        this.progress = progress;
        this.kind = kind;
        this.system = system;
        this.compilers = new Compilers(system, progress);
        this.driver = options.isRest(kind) ? new RestDriver(system.ready()) : new InsideDriver(system);
        this.postgres = new Postgres(system.ready());
        this.load = options.closedLoop(kind);
    }

    /**
     * Starts a system and warms it up.
     *
     * @throws IllegalStateException when it does not start or gives no answer
     */
    static Contender start(SystemKind kind, Options options, Progress progress)
            throws IOException, InterruptedException {
        progress.begin(kind.title());
        progress.stage("starting");
        SystemUnderTest system =
                SystemUnderTest.start(kind, options.folder(), options.heap(), options.springProperties());
        Contender contender = new Contender(options, progress, kind, system);
        try {
            contender.warmUp();
            return contender;
        } catch (RuntimeException | InterruptedException e) {
            contender.close();
            throw e;
        }
    }

    /**
     * One run: loads it, measures it, lets every order end, and audits what it wrote.
     *
     * @param number of the run, for the files of its profile
     */
    RunResult run(int number) throws InterruptedException, SQLException, IOException {
        progress.begin("%s %d/%d".formatted(kind.title(), number, options.runs()));
        driver.start(load);
        progress.pause("settling", SETTLE);
        postgres.countStatements();
        Meters before = Meters.read(system.ready(), postgres);
        long compiled = compilers.millis();
        driver.window();
        progress.pause("measuring", options.duration());
        LoadReport report = driver.window();
        Meters used = Meters.read(system.ready(), postgres).since(before);
        double compileSeconds = (compilers.millis() - compiled) / MILLIS;
        saveProfile(number);
        progress.stage("letting every order end");
        driver.requireDrained();
        double heapMb = system.ask(Request.of(Request.Verb.HEAP), Double.class, AT_ONCE);
        Audit audit = Audit.settled(kind, postgres, report.placed());
        return RunResult.of(
                kind,
                report,
                used,
                new RunResult.Jvm(heapMb, compileSeconds),
                kind == SystemKind.PRODUCT ? audit.withFold(postgres) : audit);
    }

    /** In a closed loop first: at twenty orders a second, a JVM stays cold for minutes. Then at the rate: what is hot there is other code. */
    private void warmUp() throws InterruptedException {
        if (options.profile() != null) {
            // Before anything is compiled: it makes the JVM throw away all code that it has compiled.
            system.ask(Request.of(Request.Verb.START_PROFILING), Boolean.class, AT_ONCE);
        }
        driver.start(load);
        progress.pause("warming up", options.warmup());
        compilers.awaitRest(options.maxWarmup().minus(options.warmup()));
        if (options.command() == Options.Command.LATENCY) {
            load = load.atRate(options.rate() < 0 ? -options.rate() * saturation() : options.rate());
            driver.requireDrained();
            driver.start(load);
            progress.pause("warming up at the rate", options.warmup());
            compilers.awaitRest(options.maxWarmup().minus(options.warmup()));
        }
        driver.requireDrained();
    }

    private double saturation() throws InterruptedException {
        driver.window();
        progress.pause("finding saturation", options.duration());
        return Math.max(1, driver.window().perSecond());
    }

    private void saveProfile(int number) throws InterruptedException, SQLException, IOException {
        @Nullable Path folder = options.profile();
        if (folder != null) {
            Files.createDirectories(folder);
            String name = kind.title() + "-" + number;
            Path recording = folder.resolve(name + ".jfr").toAbsolutePath();
            system.ask(new Request(Request.Verb.SAVE_PROFILE, null, recording.toString()), Boolean.class, AT_ONCE);
            Files.write(folder.resolve(name + "-statements.tsv"), postgres.costliest(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        driver.close();
        system.close();
    }
}
