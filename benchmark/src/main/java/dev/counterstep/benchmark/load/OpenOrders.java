package dev.counterstep.benchmark.load;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;

/** Matches ends of orders with when they were due. Either may be told first: an order can end before its writer has its id. */
final class OpenOrders {

    private record Mark(long nanos, boolean isEnd) {}

    private final ConcurrentMap<UUID, Mark> marks = new ConcurrentHashMap<>();
    private final LongConsumer tookNanos;

    /** @param tookNanos told for each order that was due and has ended, on the thread that told the second of the two */
    OpenOrders(LongConsumer tookNanos) {
        this.tookNanos = tookNanos;
    }

    void placed(UUID id, long dueNanos) {
        Mark end = marks.putIfAbsent(id, new Mark(dueNanos, false));
        if (end != null) {
            marks.remove(id);
            tookNanos.accept(end.nanos() - dueNanos);
        }
    }

    void ended(UUID id) {
        long now = System.nanoTime();
        Mark due = marks.putIfAbsent(id, new Mark(now, true));
        if (due != null && !due.isEnd() && marks.remove(id, due)) {
            tookNanos.accept(now - due.nanos());
        }
    }
}
