package dev.counterstep.messaging.outbox;

import java.time.Duration;
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

    /** How long a removal waits for a read to share its transaction with. */
    private static final Duration REMOVAL_WAITS = Duration.ofMillis(250);

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
    private Set<String> held = Set.of();
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
            floor.reset();
            mailbox.runUntil(() -> stopping, settings.interval());
        }
    }

    private boolean hasWork() {
        return stopping || wanted || publisher.hasRemovable() || (holding && publisher.hasOpened());
    }

    private void turn() throws InterruptedException {
        boolean appendedHere = appended;
        appended = false;
        wanted = false;
        hold();
        if (!holding) {
            removeAcknowledged();
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
        Set<String> closed = publisher.closedTopics();
        if (isAnyReleased() || !closed.isEmpty()) {
            floor.reset();
        }
        closed.addAll(held);
        long started = System.nanoTime();
        long from = floor.next(started);
        List<OutboxRow> rows = store.removeAndRead(
                publisher.removable(),
                from,
                closed,
                settings.batchRows(),
                settings.batchBytes().toBytes());
        publisher.removed();
        floor.read(from, rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id(), started, System.nanoTime());
        if (publisher.send(rows) > 0) {
            floor.reset();
        }
        mailbox.runUntil(publisher::isIdle, settings.patience());
        boolean goesOn = isFull(rows);
        if (!goesOn) {
            mailbox.runUntil(() -> wanted || stopping, REMOVAL_WAITS);
        }
        if (!goesOn && !wanted) {
            removeAcknowledged(); // else the next read does it
        }
        if (from == 0) {
            measure(rows.isEmpty() && closed.isEmpty());
        }
        return goesOn;
    }

    /** Asks what is held now. True when a topic no longer is: as long as it was, the floor has passed its rows. */
    private boolean isAnyReleased() {
        Set<String> before = held;
        held = store.heldTopics();
        return !held.containsAll(before);
    }

    private void removeAcknowledged() {
        if (publisher.hasRemovable()) {
            store.remove(publisher.removable());
            publisher.removed();
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
            removeAcknowledged();
            lease.release();
        } catch (RuntimeException e) {
            log.info("stopped without the database; the lease ends by itself: {}", e.toString());
        }
        metrics.holding(false);
        publisher.close();
    }
}
