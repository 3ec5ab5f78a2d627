package dev.counterstep.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/** Runs what needs nothing of each other side by side: two at a time, as each keeps a core busy. */
final class Lanes {

    private static final int LANES = Math.min(2, Runtime.getRuntime().availableProcessors());

    private Lanes() {}

    /**
     * Runs all of them, begun in this order.
     *
     * @return their results, in this order
     * @throws Exception what the first of them threw that failed; what then still runs is interrupted
     */
    static <T extends @Nullable Object> List<T> run(List<? extends Callable<T>> tasks) throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<T>> begun = tasks.stream().map(lanes::submit).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> task : begun) {
                results.add(task.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            lanes.shutdownNow();
        }
    }
}
