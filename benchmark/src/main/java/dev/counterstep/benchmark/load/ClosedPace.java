package dev.counterstep.benchmark.load;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps a fixed number of orders open: whenever some end, as many are due. */
final class ClosedPace implements Pace {

    private static final long LOOK_MILLIS = 100;

    /** A batch this much smaller than what may be open waits a moment for more to end. */
    private static final int SMALL = 20;

    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int inFlight;
    private final Semaphore free;
    private volatile boolean stopped;

    ClosedPace(int inFlight) {
        this.inFlight = inFlight;
        this.free = new Semaphore(inFlight);
    }

    @Override
    public long[] take(int most) throws InterruptedException {
        while (!stopped) {
            if (free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return due(1 + more(most - 1));
            }
        }
        return NOTHING;
    }

    private int more(int most) {
        if (most == 0) {
            return 0;
        }
        if (free.availablePermits() < inFlight / SMALL) {
            LockSupport.parkNanos(GATHER_NANOS);
        }
        int more = Math.min(most, free.availablePermits());
        return free.tryAcquire(more) ? more : 0;
    }

    private static long[] due(int count) {
        long[] due = new long[count];
        Arrays.fill(due, System.nanoTime());
        return due;
    }

    @Override
    public void ended() {
        free.release();
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
