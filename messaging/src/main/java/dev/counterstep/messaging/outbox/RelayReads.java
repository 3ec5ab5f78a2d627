package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.MessagingProperties;
import dev.counterstep.messaging.outbox.OutboxMemory.Place;
import dev.counterstep.storage.ReadFloor;

/**
 * What the relay sends next: what appends have read along, where that tells enough, or else what a read of its own finds.
 * {@link #request} and {@link #take} may be called by any thread, all else is part of the relay's state.
 */
final class RelayReads {

    /** How much appends may read along before any of it is sent, in batches; a read counts as a row more. */
    private static final int MOST_TAKEN = 10;

    private final MessagingProperties.Relay settings;
    private final OutboxStore store;
    private final ReadFloor floor;

    private final Queue<OutboxRead> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger amountTaken = new AtomicInteger();
    private volatile @Nullable ReadRequest request;

    /** A read of our own is due; what appends have read may do without it. */
    private boolean wanted = true;

    private long tenure;
    private Set<String> leftOut = Set.of();

    RelayReads(MessagingProperties.Relay settings, OutboxStore store) {
        this.settings = settings;
        this.store = store;
        this.floor = new ReadFloor(settings.interval(), System.nanoTime());
    }

    /** What an append is to read along; null for nothing. When we are behind, a read of our own will do for all. */
    @Nullable
    ReadRequest request() {
        return amountTaken.get() < MOST_TAKEN * settings.batchRows() ? request : null;
    }

    /** What an append that has committed read along. */
    void take(OutboxRead read) {
        amountTaken.addAndGet(amount(read));
        taken.add(read);
    }

    private static int amount(OutboxRead read) {
        return 1 + read.places().size();
    }

    /** Something may be there that no read has told of. */
    void want() {
        wanted = true;
    }

    /** Whether there may be something to send. */
    boolean isDue() {
        return wanted || !taken.isEmpty();
    }

    /** The lease is ours. What was read in another tenure is not sent in this one, for others may have sent what came after it. */
    void hold(long newTenure) {
        if (tenure != newTenure) {
            tenure = newTenure;
            wanted = true;
            goBack();
        }
    }

    /** The lease is another's: so is all that is to be sent. */
    void leave() {
        ask(false);
        drain();
        wanted = false;
    }

    /** Rows were left alone, or nobody knows: the next read is one from the beginning. */
    void goBack() {
        floor.goBack();
    }

    /** Lets appends read along from now on, or no longer: never when a read from the beginning is due. */
    void ask(boolean along) {
        long now = System.nanoTime();
        request = along && !floor.isBeginningDue(now)
                // Never from 0: what an append reads does not count as a read from the beginning.
                ? new ReadRequest(Math.max(1, floor.floor()), Set.of(), settings.batchRows(), tenure)
                : null;
    }

    /**
     * What to send.
     *
     * @param rows by id
     * @param goesOn whether there is probably more
     * @param fromBeginning whether it was looked for from the beginning
     * @param leavesOut whether topics were left out
     */
    record Batch(List<OutboxRow> rows, boolean goesOn, boolean fromBeginning, boolean leavesOut) {}

    /** @param closed topics that can take nothing now */
    Batch next(Set<String> closed) {
        long started = System.nanoTime();
        Places places = places(closed, started);
        return batch(places, store.rows(places.unsent(), settings.batchBytes().toBytes()), started);
    }

    private Batch batch(Places places, List<OutboxRow> rows, long started) {
        boolean goesOn = places.full() || rows.size() < places.unsent().size();
        long highest = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id();
        floor.read(places.from(), highest, goesOn, started, System.nanoTime());
        wanted |= goesOn;
        return new Batch(rows, goesOn, places.from() == 0, !leftOut.isEmpty());
    }

    /**
     * What to send, when there are few rows and no statement is needed to know them. Null when there may be more, or others: then
     * {@link #next} tells.
     *
     * @param most rows
     */
    @Nullable
    Batch few(int most) {
        long started = System.nanoTime();
        if (wanted || taken.isEmpty() || floor.isBeginningDue(started)) {
            return null;
        }
        List<OutboxRead> along = drain();
        Places places = shared(along, Set.of());
        List<OutboxRow> rows =
                places == null || places.full() || places.unsent().size() > most
                        ? null
                        : store.remembered(
                                places.unsent(), settings.batchBytes().toBytes());
        if (places == null || rows == null || rows.size() < places.unsent().size()) {
            along.forEach(this::take);
            return null;
        }
        return batch(places, rows, started);
    }

    private record Places(long from, List<Place> unsent, boolean full) {}

    private Places places(Set<String> closed, long now) {
        boolean own = wanted || floor.isBeginningDue(now);
        wanted = false;
        List<OutboxRead> along = drain();
        Places shared = own ? null : shared(along, closed);
        // A transaction may commit so late that the floor has passed its rows; its own request was earlier.
        long lowest =
                along.stream().mapToLong(read -> read.request().from()).min().orElse(Long.MAX_VALUE);
        return shared == null ? own(closed, now, lowest) : shared;
    }

    private List<OutboxRead> drain() {
        List<OutboxRead> reads = new ArrayList<>();
        for (OutboxRead read = taken.poll(); read != null; read = taken.poll()) {
            amountTaken.addAndGet(-amount(read));
            reads.add(read);
        }
        return reads;
    }

    /** What appends have read; null when that does not do. */
    private @Nullable Places shared(List<OutboxRead> along, Set<String> closed) {
        long from = Long.MAX_VALUE;
        boolean full = false;
        for (OutboxRead read : along) {
            if (read.request().tenure() != tenure || !leaveOut(closed, read.held())) {
                return null;
            }
            from = Math.min(from, read.request().from());
            full |= read.full();
        }
        List<Place> unsent = along.isEmpty() ? null : store.unsent(along);
        return unsent == null ? null : new Places(from, unsent, full);
    }

    /** @param atMost where to start at the latest */
    private Places own(Set<String> closed, long now, long atMost) {
        long from = Math.min(floor.next(now), atMost);
        OutboxRead read = store.read(new ReadRequest(from, closed, settings.batchRows(), tenure));
        if (!leaveOut(closed, read.held()) && from > 0) {
            return own(closed, now, 0);
        }
        List<Place> unsent = Objects.requireNonNull(store.unsent(List.of(read)), "removals outran a read");
        int batch = Math.min(unsent.size(), settings.batchRows());
        return new Places(from, unsent.subList(0, batch), read.full() || batch == settings.batchRows());
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
        goBack();
        return false;
    }
}
