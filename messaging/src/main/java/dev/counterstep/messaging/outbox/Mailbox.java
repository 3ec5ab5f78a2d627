package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What other threads want done on the relay's thread, so that all of the relay's state belongs to one thread. */
final class Mailbox implements Executor {

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** From any thread; returns at once. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs tasks as they come, until the condition holds after one of them, or the time is up. */
    void runUntil(BooleanSupplier done, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        runAll();
        while (!done.getAsBoolean()) {
            Runnable task = tasks.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (task == null) {
                return;
            }
            task.run();
            runAll();
        }
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
