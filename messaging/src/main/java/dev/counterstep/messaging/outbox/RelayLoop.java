package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.MessagingProperties;

/**
 * What the relay's thread does, from start to stop; the steps are those of {@link OutboxRelay}. {@link #wake}, {@link #take},
 * {@link #request}, {@link #look} and {@link #stop} may be called by any thread: what touches the relay's state goes through the
 * mailbox.
 */
final class RelayLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);

    /** How long a removal waits for an append to share its transaction with. */
    private static final Duration REMOVAL_WAITS = Duration.ofMillis(250);

    /** So many rows are sent by whoever appended them. With more, its thread had better go on while the relay's sends. */
    private static final int FEW = 10;

    /** Of other instances' appends there may be many, and none of ours to take removals along. */
    private static final int MOST_REMOVABLE = 5_000;

    private final MessagingProperties.Relay settings;
    private final OutboxStore store;
    private final RelayReads reads;
    private final RelayLease lease;
    private final RelayMetrics metrics;
    private final Publisher publisher;
    private final OutboxBell bell;

    private final Mailbox mailbox = new Mailbox();
    private final AtomicBoolean wakeQueued = new AtomicBoolean();
    private volatile boolean stopping;

    // The relay's state, with the publisher and the reads.
    private boolean appended;
    private boolean holding;
    private boolean resting;
    private long sends;

    private boolean troubled;
    private long rangAt;

    RelayLoop(
            MessagingProperties.Relay settings,
            OutboxStore store,
            RelayLease lease,
            RelayMetrics metrics,
            Function<Mailbox, Publisher> publishers,
            Function<Runnable, OutboxBell> bells) {
        this.settings = settings;
        this.store = store;
        this.lease = lease;
        this.metrics = metrics;
        this.publisher = publishers.apply(mailbox);
        this.bell = bells.apply(this::look);
        this.reads = new RelayReads(settings, store);
        this.rangAt = System.nanoTime() - settings.notifyInterval().toNanos();
    }

    /** Something was appended here. */
    void wake() {
        if (wakeQueued.compareAndSet(false, true)) {
            mailbox.execute(() -> {
                wakeQueued.set(false);
                appended = true;
                reads.want();
            });
        }
    }

    /** Something was appended here, and this was read with it. */
    void take(OutboxRead read) {
        reads.take(read);
        Thread appender = Thread.currentThread();
        mailbox.execute(() -> {
            appended = true;
            // No other guest: on the producer's own thread a send that waits would wait for ever.
            if (resting && Thread.currentThread() == appender) {
                sendFew();
            }
        });
    }

    /** What an append is to read along; null for nothing. */
    @Nullable
    ReadRequest request() {
        return reads.request();
    }

    /** Something may have been appended, here or elsewhere. */
    void look() {
        mailbox.execute(reads::want);
    }

    /** Ends the loop soon: what has been sent is still awaited, for as long as the patience lasts. */
    void stop() {
        stopping = true;
        mailbox.execute(() -> {});
    }

    @Override
    public void run() {
        bell.start();
        try {
            while (!stopping) {
                turnUnlessTroubled();
            }
            mailbox.runUntil(publisher::isIdle, settings.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finish();
        }
    }

    private void turnUnlessTroubled() throws InterruptedException {
        try {
            turn();
            rest();
            if (troubled) {
                troubled = false;
                log.info("the outbox can be read again");
            }
        } catch (RuntimeException e) {
            if (!troubled) {
                troubled = true;
                log.warn(
                        "the outbox cannot be read now; trying again every {} ms: {}",
                        settings.interval().toMillis(),
                        e.toString());
                log.debug("the outbox cannot be read now", e);
            }
            reads.ask(false);
            reads.goBack();
            appended = true; // whoever holds the lease may not have heard
            mailbox.runUntil(() -> stopping, settings.interval());
        }
    }

    /** Waits for work, and removes what no append takes along. */
    private void rest() throws InterruptedException {
        long until = System.nanoTime() + settings.interval().toNanos();
        boolean busy = false;
        resting = true;
        try {
            for (long left = until - System.nanoTime(); left > 0 && !hasWork(); left = until - System.nanoTime()) {
                if (busy || store.removable() > 0) {
                    long before = sends;
                    mailbox.runUntil(this::hasWork, Duration.ofNanos(Math.min(left, REMOVAL_WAITS.toNanos())));
                    busy = sends != before;
                    if (!busy && !hasWork()) {
                        store.remove();
                    }
                } else {
                    mailbox.runUntil(() -> hasWork() || store.removable() > 0, Duration.ofNanos(left));
                }
            }
        } finally {
            resting = false;
        }
    }

    private boolean hasWork() {
        return stopping || reads.isDue() || (holding ? publisher.hasOpened() : appended);
    }

    private void turn() throws InterruptedException {
        settle();
        boolean appendedHere = appended;
        appended = false;
        if (!holding) {
            reads.leave();
            store.remove();
            if (appendedHere) {
                ring();
            }
        }
        while (holding && !stopping && pass()) {
            settle();
        }
    }

    /** What was sent before is acknowledged, has failed or is late; and the lease is ours, or another's. */
    private void settle() throws InterruptedException {
        mailbox.runUntil(publisher::isSettled, settings.patience());
        holding = lease.hold();
        metrics.holding(holding);
        if (holding) {
            reads.hold(lease.tenure());
        }
    }

    /** One batch. True when there is probably more. */
    private boolean pass() {
        Set<String> closed = publisher.closedTopics();
        RelayReads.Batch batch = reads.next(closed);
        send(batch, closed);
        reads.ask(!batch.goesOn() && closed.isEmpty());
        if (store.removable() > MOST_REMOVABLE) {
            store.remove(); // else the next append does it
        }
        if (batch.fromBeginning()) {
            measure(batch.rows().isEmpty() && !batch.leavesOut());
        }
        return batch.goesOn();
    }

    /** By whoever appended, who is awake: where that needs neither a statement nor a wait, and takes hardly any time. */
    private void sendFew() {
        if (holding && lease.isFresh() && publisher.isOpen()) {
            RelayReads.Batch batch = reads.few(FEW);
            if (batch != null) {
                send(batch, Set.of());
                reads.ask(true);
            }
        }
    }

    private void send(RelayReads.Batch batch, Set<String> closed) {
        sends++;
        int left = publisher.send(batch.rows().stream()
                .filter(row -> !closed.contains(row.message().topic()))
                .toList());
        if (left > 0) {
            reads.goBack();
        }
    }

    private void measure(boolean nothingWaits) {
        if (nothingWaits) {
            metrics.nothingWaits();
        } else {
            metrics.somethingWaits(store::backlog);
        }
    }

    /** At most once per interval: the appends that come meanwhile share it. */
    private void ring() throws InterruptedException {
        Duration sinceLast = Duration.ofNanos(System.nanoTime() - rangAt);
        mailbox.runUntil(() -> stopping, settings.notifyInterval().minus(sinceLast));
        appended = false;
        reads.leave();
        store.ring();
        rangAt = System.nanoTime();
    }

    private void finish() {
        reads.ask(false);
        bell.stop();
        try {
            store.remove();
            lease.release();
        } catch (RuntimeException e) {
            log.info("stopped without the database; the lease ends by itself: {}", e.toString());
        }
        metrics.holding(false);
        publisher.close();
    }
}
