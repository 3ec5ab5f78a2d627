package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.MessagingProperties;

/**
 * What the relay's thread does, from start to stop; the steps are those of {@link OutboxRelay}. {@link #wake}, {@link #look} and
 * {@link #stop} may be called by any thread, all else belongs to the thread that runs it.
 */
final class RelayLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(RelayLoop.class);

    /** How long a removal waits for an append to share its transaction with. */
    private static final Duration REMOVAL_WAITS = Duration.ofMillis(250);

    /** Of other instances' appends there may be many, and none of ours to take removals along. */
    private static final int MOST_REMOVABLE = 5_000;

    private final MessagingProperties.Relay settings;
    private final OutboxStore store;
    private final RelayLease lease;
    private final RelayMetrics metrics;
    private final Publisher publisher;
    private final OutboxBell bell;
    private final ReadFloor floor;

    private final Mailbox mailbox = new Mailbox();
    private final AtomicBoolean wakeQueued = new AtomicBoolean();
    private volatile boolean stopping;

    private boolean wanted = true;
    private boolean appended;
    private boolean holding;
    private boolean troubled;
    private Set<String> leftOut = Set.of();
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
        this.floor = new ReadFloor(settings.interval(), System.nanoTime());
        this.rangAt = System.nanoTime() - settings.notifyInterval().toNanos();
    }

    /** Something was appended here. */
    void wake() {
        if (wakeQueued.compareAndSet(false, true)) {
            mailbox.execute(() -> {
                wakeQueued.set(false);
                appended = true;
                wanted = true;
            });
        }
    }

    /** Something may have been appended, here or elsewhere. */
    void look() {
        mailbox.execute(() -> wanted = true);
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
            floor.goBack();
            mailbox.runUntil(() -> stopping, settings.interval());
        }
    }

    private boolean hasWork() {
        return stopping || wanted || store.removable() > 0 || (holding && publisher.hasOpened());
    }

    private void turn() throws InterruptedException {
        boolean appendedHere = appended;
        appended = false;
        wanted = false;
        hold();
        if (!holding) {
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
    }

    /** One batch. True when it was full, so that there is probably more. */
    private boolean pass() throws InterruptedException {
        leaveOut(publisher.closedTopics(), store.heldTopics());
        long started = System.nanoTime();
        long from = floor.next(started);
        List<OutboxRow> rows = store.read(
                from, leftOut, settings.batchRows(), settings.batchBytes().toBytes());
        boolean goesOn = isFull(rows);
        long highest = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id();
        floor.read(from, highest, goesOn, started, System.nanoTime());
        if (publisher.send(rows) > 0) {
            floor.goBack();
        }
        mailbox.runUntil(publisher::isIdle, settings.patience());
        if (!goesOn && store.removable() > 0) {
            mailbox.runUntil(() -> stopping || wanted || publisher.hasOpened(), REMOVAL_WAITS);
        }
        if ((!goesOn && !wanted) || store.removable() > MOST_REMOVABLE) {
            store.remove(); // else the next append does it
        }
        if (from == 0) {
            measure(rows.isEmpty() && leftOut.isEmpty());
        }
        return goesOn;
    }

    /** A topic that no longer is left out: as long as it was, the floor has passed its rows. */
    private void leaveOut(Set<String> closed, Set<String> held) {
        Set<String> before = leftOut;
        leftOut = new HashSet<>(closed);
        leftOut.addAll(held);
        if (!leftOut.containsAll(before)) {
            floor.goBack();
        }
    }

    private void measure(boolean nothingWaits) {
        if (nothingWaits) {
            metrics.nothingWaits();
        } else {
            metrics.somethingWaits(store::backlog);
        }
    }

    private boolean isFull(List<OutboxRow> rows) {
        long bytes = rows.stream().mapToLong(row -> row.message().body().length).sum();
        return rows.size() == settings.batchRows()
                || bytes >= settings.batchBytes().toBytes();
    }

    /** At most once per interval: the appends that come meanwhile share it. */
    private void ring() throws InterruptedException {
        Duration sinceLast = Duration.ofNanos(System.nanoTime() - rangAt);
        mailbox.runUntil(() -> stopping, settings.notifyInterval().minus(sinceLast));
        appended = false;
        wanted = false;
        store.ring();
        rangAt = System.nanoTime();
    }

    private void finish() {
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
