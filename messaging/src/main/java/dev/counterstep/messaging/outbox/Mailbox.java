package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What other threads want done with the relay's state, which one thread at a time may touch: the relay's own, or, while that one
 * waits, whoever brings something to do. So a small thing is done at once, by a thread that runs already, and the relay's is woken
 * only when what it waits for has come.
 *
 * <p>Tasks run one after the other, in the order they came. None may block, nor wait for the relay's thread.
 */
final class Mailbox implements Executor {

    private enum Holder {
        NOBODY,
        RELAY,
        GUEST
    }

    private static final long MOMENT_NANOS = 20_000;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Who may touch the state. The relay's thread from the start, but while it waits. */
    private final AtomicReference<Holder> holder = new AtomicReference<>(Holder.RELAY);

    // Of whoever holds the state.
    private BooleanSupplier awaited = () -> false;
    private @Nullable Thread waiting;
    private @Nullable Throwable failure;

    /** From any thread. Returns at once, unless it runs the task, and perhaps others that come meanwhile. Throws nothing. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        // Whoever lets go of the state looks again, so nothing is left lying.
        while (!tasks.isEmpty() && holder.compareAndSet(Holder.NOBODY, Holder.GUEST)) {
            runAsGuest(waiting);
        }
    }

    private void runAsGuest(@Nullable Thread relay) {
        boolean come = true;
        try {
            runAll();
            come = awaited.getAsBoolean();
        } catch (RuntimeException | Error e) {
            failure = e; // it is the relay's
        } finally {
            holder.set(come ? Holder.RELAY : Holder.NOBODY);
            if (come) {
                LockSupport.unpark(relay);
            }
        }
    }

    /**
     * Waits until the condition holds or the time is up; meanwhile tasks run as they come. For the relay's thread.
     *
     * @param done reads the relay's state; looked at after each task
     * @throws RuntimeException what a task threw, or because one threw at a guest's
     */
    void runUntil(BooleanSupplier done, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        awaited = done;
        waiting = Thread.currentThread();
        runAll();
        while (!done.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            holder.set(Holder.NOBODY);
            if (tasks.isEmpty()) {
                LockSupport.parkNanos(this, left);
            }
            takeBack();
            throwFailure();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            runAll();
        }
    }

    /** A guest is done in no time. */
    private void takeBack() {
        while (holder.get() != Holder.RELAY && !holder.compareAndSet(Holder.NOBODY, Holder.RELAY)) {
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
    }

    private void throwFailure() {
        Throwable failed = failure;
        if (failed != null) {
            failure = null;
            throw new IllegalStateException("a task of the relay failed", failed);
        }
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
