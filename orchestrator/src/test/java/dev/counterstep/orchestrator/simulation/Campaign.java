package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/** Runs many seeds: each run in one thread, the ranges in two. */
final class Campaign {

    private static final int THREADS = 2;

    private final Engine engine;
    private final AtomicLong lowestFailure = new AtomicLong(Long.MAX_VALUE);

    Campaign(Engine engine) {
        this.engine = engine;
    }

    /**
     * What came of many runs.
     *
     * @param coverage of all of them
     * @param failure the failing run of the lowest seed; empty when none failed
     */
    record Outcome(Coverage coverage, Optional<Simulation.Result> failure) {}

    private record Part(Coverage coverage, Simulation.@Nullable Result failure) {}

    Outcome run(long first, long count) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Part>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long from = first + count * i / THREADS;
                long until = first + count * (i + 1) / THREADS;
                parts.add(threads.submit(() -> runAll(from, until)));
            }
            Coverage coverage = new Coverage();
            Optional<Simulation.Result> failure = Optional.empty();
            for (Future<Part> part : parts) {
                Part done = part.get();
                coverage.add(done.coverage());
                failure = failure.or(() -> Optional.ofNullable(done.failure()));
            }
            return new Outcome(coverage, failure);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Stops at its own first failure, and when a lower seed has failed. */
    private Part runAll(long from, long until) {
        Coverage coverage = new Coverage();
        for (long seed = from; seed < until && seed < lowestFailure.get(); seed++) {
            Simulation.Result result = Simulation.run(Plan.of(seed), engine, Trace.off());
            coverage.add(result.coverage());
            if (result.failed()) {
                lowestFailure.accumulateAndGet(seed, Math::min);
                return new Part(coverage, result);
            }
        }
        return new Part(coverage, null);
    }
}
