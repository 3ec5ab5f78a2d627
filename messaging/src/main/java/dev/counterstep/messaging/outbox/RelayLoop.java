package dev.counterstep.messaging.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.messaging.outbox.OutboxMemory.Place;

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

    /** How much appends may read along before we send any of it, in batches. */
    private static final int MOST_TAKEN = 10;

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
    private volatile @Nullable ReadRequest request;

    /** A read of our own is due; what appends have read may do without it. */
    private boolean wanted = true;

    private final List<OutboxRead> taken = new ArrayList<>();
    private final AtomicInteger placesTaken = new AtomicInteger();
    private long tenure;
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

    /** Something was appended here, and this was read with it. */
    void take(OutboxRead read) {
        placesTaken.addAndGet(read.places().size());
        mailbox.execute(() -> {
            appended = true;
            taken.add(read);
        });
    }

    /** What an append is to read along; null for nothing. When we are behind, a read of our own will do for all. */
    @Nullable
    ReadRequest request() {
        return placesTaken.get() < MOST_TAKEN * settings.batchRows() ? request : null;
    }

    private void dropTaken() {
        taken.forEach(read -> placesTaken.addAndGet(-read.places().size()));
        taken.clear();
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
            request = null;
            floor.goBack();
            mailbox.runUntil(() -> stopping, settings.interval());
        }
    }

    private boolean hasWork() {
        return stopping || isWorkQueued() || store.removable() > 0 || (holding && publisher.hasOpened());
    }

    private boolean isWorkQueued() {
        return wanted || !taken.isEmpty();
    }

    private void turn() throws InterruptedException {
        boolean appendedHere = appended;
        appended = false;
        hold();
        if (!holding) {
            request = null;
            dropTaken();
            wanted = false;
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
        if (holding && tenure != lease.tenure()) {
            tenure = lease.tenure();
            wanted = true;
            floor.goBack();
        }
    }

    /** A batch to be. {@code full}: there is probably more. */
    private record Next(long from, List<Place> places, boolean full) {}

    /** One batch. True when it was full, so that there is probably more. */
    private boolean pass() throws InterruptedException {
        long started = System.nanoTime();
        Set<String> closed = publisher.closedTopics();
        Next next = next(closed, started);
        List<OutboxRow> rows = store.rows(next.places(), settings.batchBytes().toBytes());
        boolean goesOn = next.full() || rows.size() < next.places().size();
        long highest = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id();
        floor.read(next.from(), highest, goesOn, started, System.nanoTime());
        int left = publisher.send(rows.stream()
                .filter(row -> !closed.contains(row.message().topic()))
                .toList());
        if (left > 0) {
            floor.goBack();
        }
        mailbox.runUntil(publisher::isIdle, settings.patience());
        wanted |= goesOn;
        long now = System.nanoTime();
        request = goesOn || floor.isBeginningDue(now) || !publisher.isOpen() ? null : request(now);
        if (!goesOn && store.removable() > 0) {
            mailbox.runUntil(() -> stopping || isWorkQueued() || publisher.hasOpened(), REMOVAL_WAITS);
        }
        if (!isWorkQueued() || store.removable() > MOST_REMOVABLE) {
            store.remove(); // else the next append does it
        }
        if (next.from() == 0) {
            measure(rows.isEmpty() && leftOut.isEmpty());
        }
        return goesOn;
    }

    /** Never from 0: what an append reads does not count as a read from the beginning. */
    private ReadRequest request(long now) {
        return new ReadRequest(Math.max(1, floor.floor(now)), Set.of(), settings.batchRows(), tenure);
    }

    private Next next(Set<String> closed, long now) {
        Next shared = wanted || floor.isBeginningDue(now) ? null : shared(closed);
        wanted = false;
        // A transaction may commit so late that the floor has passed its rows; its own request was earlier.
        long lowest =
                taken.stream().mapToLong(read -> read.request().from()).min().orElse(Long.MAX_VALUE);
        dropTaken();
        return shared == null ? own(closed, now, lowest) : shared;
    }

    /** What appends have read; null when that does not do. */
    private @Nullable Next shared(Set<String> closed) {
        long from = Long.MAX_VALUE;
        boolean full = false;
        for (OutboxRead read : taken) {
            if (read.request().tenure() != tenure || !leaveOut(closed, read.held())) {
                return null;
            }
            from = Math.min(from, read.request().from());
            full |= read.full();
        }
        List<Place> unsent = taken.isEmpty() ? null : store.unsent(taken);
        return unsent == null ? null : new Next(from, unsent, full);
    }

    /** @param atMost where to start at the latest */
    private Next own(Set<String> closed, long now, long atMost) {
        long from = Math.min(floor.next(now), atMost);
        OutboxRead read = store.read(new ReadRequest(from, closed, settings.batchRows(), tenure));
        if (!leaveOut(closed, read.held()) && from > 0) {
            return own(closed, now, 0);
        }
        List<Place> unsent = Objects.requireNonNull(store.unsent(List.of(read)), "removals outran a read");
        int batch = Math.min(unsent.size(), settings.batchRows());
        return new Next(from, unsent.subList(0, batch), read.full() || batch == settings.batchRows());
    }

    /**
     * Notes which topics a read leaves out. False when one of those before is no longer among them: as long as it was, the floor has
     * passed its rows, and only a read from the beginning finds them in their order.
     */
    private boolean leaveOut(Set<String> closed, Set<String> held) {
        Set<String> before = leftOut;
        leftOut = new HashSet<>(closed);
        leftOut.addAll(held);
        if (leftOut.containsAll(before)) {
            return true;
        }
        floor.goBack();
        return false;
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
        wanted = false;
        store.ring();
        rangAt = System.nanoTime();
    }

    private void finish() {
        request = null;
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
