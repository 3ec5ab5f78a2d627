package dev.counterstep.benchmark;

import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How fast the machine is meanwhile: the processor time that the same piece of work takes once a second, while something else is
 * measured. Neighbours that share its cores and caches make it longer, and what is measured with it. It takes about two per cent of a
 * core.
 */
final class Yardstick implements AutoCloseable {

    private static final int HASHED = 1 << 20;
    private static final int REFERENCES = 1 << 22;
    private static final int FOLLOWED = 100_000;
    private static final int WARM_UP = 200;
    private static final long EVERY_MILLIS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final byte[] hashed = new byte[HASHED];
    private final int[] references = new int[REFERENCES];
    private final List<Double> millis = new ArrayList<>();
    private final Thread thread = new Thread(this::measure, "yardstick");
    private int at;

    /** Begins to measure. */
    Yardstick() {
        Random random = new Random(1);
        random.nextBytes(hashed);
        // One circle through all of it, in no order that a processor could guess.
        for (int i = 0; i < REFERENCES; i++) {
            references[i] = i;
        }
        for (int i = REFERENCES - 1; i > 0; i--) {
            int other = random.nextInt(i);
            int swapped = references[i];
            references[i] = references[other];
            references[other] = swapped;
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** The median of processor time since the last call, in milliseconds; NaN when there was no time to measure. */
    double window() {
        synchronized (millis) {
            double median = millis.isEmpty() ? Double.NaN : Report.median(millis);
            millis.clear();
            return median;
        }
    }

    private void measure() {
        for (int i = 0; i < WARM_UP; i++) {
            work();
        }
        try {
            while (true) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                work();
                long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
                synchronized (millis) {
                    millis.add(took / NANOS_PER_MILLI);
                }
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            hashed[0] ^= MessageDigest.getInstance("SHA-256").digest(hashed)[0];
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (int i = 0; i < FOLLOWED; i++) {
            at = references[at];
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
