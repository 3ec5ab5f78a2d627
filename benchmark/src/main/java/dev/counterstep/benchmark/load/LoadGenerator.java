package dev.counterstep.benchmark.load;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Places orders at a pace and measures how long each takes to end. {@link #ended} is what the system calls for each end, on any
 * thread; the other methods are for one thread.
 */
public final class LoadGenerator implements AutoCloseable {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;

    private final Recorder micros = new Recorder(LONGEST_MICROS, DIGITS);
    private final OpenOrders openOrders = new OpenOrders(this::took);
    private final AtomicLong placed = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private volatile @Nullable Pace pace;
    private volatile @Nullable RuntimeException failure;
    private @Nullable ExecutorService writers;
    private long windowStart;

    /** An order has ended. Returns at once. */
    public void ended(UUID order) {
        openOrders.ended(order);
    }

    /** Starts placing orders. What was placed before must have ended. */
    public void start(Load load, OrderSystem system, NewOrders orders) {
        Pace started = load.pace();
        pace = started;
        ExecutorService threads = Executors.newFixedThreadPool(load.writers());
        writers = threads;
        for (int writer = 0; writer < load.writers(); writer++) {
            threads.execute(() -> write(started, load.batch(), system, orders));
        }
        openWindow();
    }

    /** Forgets what was measured: what ends from now on counts. */
    public void openWindow() {
        micros.reset();
        windowStart = System.nanoTime();
    }

    /**
     * What was measured since the window was opened, and opens the next one.
     *
     * @throws RuntimeException why an order could not be placed, when one could not
     */
    public LoadReport closeWindow() {
        throwFailure();
        Histogram histogram = micros.getIntervalHistogram();
        long now = System.nanoTime();
        LoadReport report = LoadReport.of(histogram, now - windowStart, placed.get(), open());
        windowStart = now;
        return report;
    }

    /** How many orders are placed and have not ended. */
    public long open() {
        return placed.get() - ended.get();
    }

    /**
     * Places no more orders and waits for the open ones to end.
     *
     * @return whether all have ended in time
     * @throws RuntimeException why an order could not be placed, when one could not
     */
    public boolean drain(Duration limit) throws InterruptedException {
        long giveUpAt = System.nanoTime() + limit.toNanos();
        stopWriters();
        throwFailure();
        while (open() > 0 && System.nanoTime() < giveUpAt) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return open() == 0;
    }

    @Override
    public void close() {
        try {
            stopWriters();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void stopWriters() throws InterruptedException {
        Pace current = pace;
        ExecutorService threads = writers;
        if (current != null && threads != null) {
            current.stop();
            threads.shutdown();
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        }
    }

    private void write(Pace due, int batch, OrderSystem system, NewOrders orders) {
        try {
            for (long[] times = due.take(batch); times.length > 0; times = due.take(batch)) {
                List<UUID> ids = system.place(orders.take(times.length));
                placed.addAndGet(ids.size());
                for (int i = 0; i < times.length; i++) {
                    openOrders.placed(ids.get(i), times[i]);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
            due.stop();
        }
    }

    private void took(long nanos) {
        micros.recordValue(Math.max(0, Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), LONGEST_MICROS)));
        ended.incrementAndGet();
        Pace current = pace;
        if (current != null) {
            current.ended();
        }
    }
}
