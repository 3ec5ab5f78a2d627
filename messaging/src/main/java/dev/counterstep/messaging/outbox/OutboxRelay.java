package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Publishes the outbox: the only place that talks to the broker as a producer.
 *
 * <p>One thread, which in turns
 *
 * <ol>
 *   <li>takes or keeps the lease; without it, tells the holder that something was appended here, and goes to 5;
 *   <li>takes what the latest appends have read along, or reads the oldest rows itself, up to a limit; leaves out the topics that
 *       can take nothing now or are held;
 *   <li>sends them all before it waits for any, with no transaction open; before the next batch it waits for the acknowledgements,
 *       though not longer than its patience: topics that answer late settle late, and hold up no other;
 *   <li>leaves the removal of what was acknowledged to the next transaction that appends, and does it itself when none comes; goes to
 *       2 until a batch is short;
 *   <li>waits for an append, for a late answer, for the bell of another instance or for the next safety pass.
 * </ol>
 *
 * <p>While it waits, an append that brings a few rows, all that there is to send, sends them itself once it has committed: the same
 * rows in the same order, for nobody else sends meanwhile, and nothing it has to wait for. That spares each hop of a saga a thread
 * that has to be woken.
 *
 * <p>A row is removed after the broker has acknowledged it and never before, so wherever the process dies nothing is lost and
 * at worst what was not removed yet is sent twice. Two relays at once, after a long pause of one, are correct and only wasteful. PostgreSQL
 * and Kafka may go away at any time: everything is tried again for ever, and each outage is logged once.
 *
 * <p>Safe for use by several threads.
 */
public final class OutboxRelay implements SmartLifecycle {

    /** Started before listeners and web server, and stopped after them. */
    static final int PHASE = 0;

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private record Running(RelayLoop loop, Thread thread) {}

    private final Supplier<RelayLoop> loops;
    private volatile @Nullable Running running;

    /** @param loops makes what the thread runs, anew for each start */
    OutboxRelay(Supplier<RelayLoop> loops) {
        this.loops = loops;
    }

    /** Says that something was appended and committed here. Returns at once; without effect while stopped. */
    public void wake() {
        Running current = running;
        if (current != null) {
            current.loop().wake();
        }
    }

    /** For the appends of this process. */
    Relaying relaying() {
        return new Relaying(this::request, this::appended);
    }

    private @Nullable ReadRequest request() {
        Running current = running;
        return current == null ? null : current.loop().request();
    }

    private void appended(@Nullable OutboxRead read) {
        Running current = running;
        if (current != null && read != null) {
            current.loop().take(read);
        } else {
            wake();
        }
    }

    /** Looks for what no wake-up announced: appends of a process that died before it could, of other instances, of SQL. */
    @Scheduled(fixedDelayString = "${counterstep.messaging.relay.interval:1s}")
    void safetyPass() {
        Running current = running;
        if (current != null) {
            current.loop().look();
        }
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        RelayLoop loop = loops.get();
        Thread thread = new Thread(loop, "outbox-relay");
        thread.setDaemon(true);
        running = new Running(loop, thread);
        thread.start();
    }

    /** Stops after the batch under way, and gives the lease to whoever wants it. */
    @Override
    public synchronized void stop() {
        Running current = running;
        if (current == null) {
            return;
        }
        running = null;
        current.loop().stop();
        try {
            current.thread().join(STOP_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (current.thread().isAlive()) {
            log.warn("the relay did not stop within {}; what it had sent will be sent again", STOP_TIMEOUT);
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
