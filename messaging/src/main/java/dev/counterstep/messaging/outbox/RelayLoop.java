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
 * {@link #request}, {@link #look} and {@link #stop} may be called by any thread, all else belongs to the thread that runs it.
 */
final class RelayLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);

    /** How long a removal waits for an append to share its transaction with. */
    private static final Duration REMOVAL_WAITS = Duration.ofMillis(250);

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
    private boolean appended;
    private boolean holding;
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
        mailbox.execute(() -> appended = true);
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
            if (troubled) {
                troubled = false;
                log.info("the outbox can be read again");
            }
            mailbox.runUntil(this::hasWork, settings.interval());
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

    private boolean hasWork() {
        return stopping || reads.isDue() || store.removable() > 0 || (holding ? publisher.hasOpened() : appended);
    }

    private void turn() throws InterruptedException {
        boolean appendedHere = appended;
        appended = false;
        hold();
        if (!holding) {
            reads.leave();
            store.remove();
            if (appendedHere) {
                ring();
            }
        }
        while (holding && !stopping && pass()) {
            hold();
        }
    }

    private void hold() {
        holding = lease.hold();
        metrics.holding(holding);
        if (holding) {
            reads.hold(lease.tenure());
        }
    }

    /** One batch. True when there is probably more. */
    private boolean pass() throws InterruptedException {
        Set<String> closed = publisher.closedTopics();
        RelayReads.Batch batch = reads.next(closed);
        int left = publisher.send(batch.rows().stream()
                .filter(row -> !closed.contains(row.message().topic()))
                .toList());
        if (left > 0) {
            reads.goBack();
        }
        mailbox.runUntil(publisher::isSettled, settings.patience());
        reads.ask(!batch.goesOn() && publisher.isOpen());
        if (!batch.goesOn() && store.removable() > 0) {
            mailbox.runUntil(() -> stopping || reads.isDue() || publisher.hasOpened(), REMOVAL_WAITS);
        }
        if (!reads.isDue() || store.removable() > MOST_REMOVABLE) {
            store.remove(); // else the next append does it
        }
        if (batch.fromBeginning()) {
            measure(batch.rows().isEmpty() && !batch.leavesOut());
        }
        return batch.goesOn();
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
