package dev.counterstep.messaging.outbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The messages that this process appended last, so that its relay need not read and parse them again. The table decides what
 * is sent, and in which order; what is here is only what those rows hold. Rows never change, so nothing here can be wrong, only
 * missing. An id may come again, when a standby takes over that missed the end of its database's history: therefore the time
 * of the append must be the same as well. Safe for use by several threads.
 */
final class OutboxMemory {

    /** About; the eldest go when there are more. They are those of an instance whose relay is at rest. */
    static final long MOST_BYTES = 8 << 20;

    /** What a message takes beside its body, roughly. */
    private static final int BYTES_AROUND_A_BODY = 1_024;

    private final Map<Long, OutboxRow> rows = new LinkedHashMap<>();
    private long bytes;

    /** Keeps what was committed. */
    synchronized void keep(List<OutboxRow> committed) {
        for (OutboxRow row : committed) {
            forget(row.id());
            rows.put(row.id(), row);
            bytes += size(row);
        }
        Iterator<OutboxRow> eldest = rows.values().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= size(eldest.next());
            eldest.remove();
        }
    }

    /**
     * The rows at these places, in their order, up to a limit; at least one.
     *
     * @param mostBytes of bodies: the row that reaches it is the last
     * @return null when one of them is not here
     */
    synchronized @Nullable List<OutboxRow> find(List<Place> places, long mostBytes) {
        List<OutboxRow> found = new ArrayList<>(places.size());
        long foundBytes = 0;
        for (Place place : places) {
            OutboxRow row = rows.get(place.id());
            if (row == null || !row.appendedAt().equals(place.appendedAt())) {
                return null;
            }
            if (foundBytes >= mostBytes) {
                break;
            }
            found.add(row);
            foundBytes += row.message().body().length;
        }
        return found;
    }

    synchronized void forget(List<Long> ids) {
        ids.forEach(this::forget);
    }

    private void forget(long id) {
        OutboxRow row = rows.remove(id);
        if (row != null) {
            bytes -= size(row);
        }
    }

    private static long size(OutboxRow row) {
        return (long) row.message().body().length + BYTES_AROUND_A_BODY;
    }

    /** Which row is meant. */
    record Place(long id, Instant appendedAt) {}
}
