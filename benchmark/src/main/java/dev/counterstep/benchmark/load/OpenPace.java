package dev.counterstep.benchmark.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes orders due at a fixed rate, whether or not earlier ones have ended. An order is due when the schedule says so and not
 * when somebody is free to place it: what waits in a system that has fallen behind is measured with it, which is the correction
 * for coordinated omission.
 */
final class OpenPace implements Pace {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final double nanosApart;
    private final Semaphore free;
    private final long start = System.nanoTime();
    private long next;
    private boolean stopped;

    /** @param limit the most orders open at once, so that a system that is too slow is not buried */
    OpenPace(double ratePerSecond, int limit) {
        this.nanosApart = TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
        this.free = new Semaphore(limit);
    }

    @Override
    public synchronized long[] take(int most) throws InterruptedException {
        while (!stopped) {
            long wait = due(next) - System.nanoTime();
            int places = Math.min(most, free.availablePermits());
            if (wait <= 0 && places > 0) {
                return takeDue(places);
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, Math.min(wait <= 0 ? LOOK_NANOS : wait, LOOK_NANOS)));
        }
        return NOTHING;
    }

    private long[] takeDue(int most) {
        long now = System.nanoTime();
        int count = 0;
        while (count < most && due(next + count) - now <= 0) {
            count++;
        }
        long[] taken = new long[count];
        for (int i = 0; i < count; i++) {
            taken[i] = due(next + i);
        }
        next += count;
        free.acquireUninterruptibly(count);
        return taken;
    }

    private long due(long number) {
        return start + (long) (number * nanosApart);
    }

    @Override
    public void ended() {
        free.release();
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
