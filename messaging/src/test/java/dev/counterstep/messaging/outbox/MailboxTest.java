package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class MailboxTest {

    private static final int GUESTS = 4;
    private static final int TASKS = 20_000;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Mailbox mailbox = new Mailbox();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int ran;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void tasksOfManyThreadsRunOneAtATimeAndNoneIsLost() throws Exception {
        Future<?> relay = relay(() -> {
            for (int awaited = 1; awaited <= GUESTS * TASKS; awaited += 7) {
                int until = awaited;
                mailbox.runUntil(() -> ran >= until, LONG); // now waiting, now at work
            }
            mailbox.runUntil(() -> ran == GUESTS * TASKS, LONG);
        });
        List<Future<?>> guests = new ArrayList<>();
        for (int i = 0; i < GUESTS; i++) {
            guests.add(threads.submit(() -> {
                for (int task = 0; task < TASKS; task++) {
                    mailbox.execute(() -> ran++);
                }
            }));
        }

        for (Future<?> guest : guests) {
            guest.get(30, SECONDS);
        }
        relay.get(30, SECONDS);
        assertThat(ran).isEqualTo(GUESTS * TASKS);
    }

    @Test
    void taskOfAGuestRunsAtOnceWhileTheRelayWaits() {
        Future<?> relay = relay(() -> mailbox.runUntil(() -> false, LONG));

        await().until(this::runsTasksHere);
        assertThat(relay).isNotDone();
    }

    @Test
    void taskRunsLaterWhenTheRelayIsAtWork() throws Exception {
        AtomicReference<Thread> runner = new AtomicReference<>();
        mailbox.execute(() -> runner.set(Thread.currentThread()));
        assertThat(runner).hasNullValue();

        mailbox.runUntil(() -> true, LONG);

        assertThat(runner).hasValue(Thread.currentThread());
    }

    @Test
    void failureOfATaskIsTheRelaysAndNotTheGuests() {
        Future<?> relay = relay(() -> mailbox.runUntil(() -> false, LONG));
        await().until(this::runsTasksHere);

        mailbox.execute(() -> {
            throw new IllegalArgumentException("a bad task");
        });

        assertThatThrownBy(() -> relay.get(30, SECONDS)).hasRootCauseMessage("a bad task");
    }

    /** Whether the relay waits, so that this thread is a guest. */
    private boolean runsTasksHere() {
        AtomicReference<Thread> runner = new AtomicReference<>();
        mailbox.execute(() -> runner.set(Thread.currentThread()));
        return runner.get() == Thread.currentThread();
    }

    private Future<?> relay(Waiting waiting) {
        return threads.submit(() -> {
            waiting.run();
            return null;
        });
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }
}
