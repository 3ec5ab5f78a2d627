package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutboundMessage;

/**
 * The messages that this process appended last, so that its relay need not read and parse them again. The table decides what
 * is sent, and in which order; what is here is only what those rows hold. Rows never change, and an id never comes again: so
 * nothing here can be wrong, only missing. Safe for use by several threads.
 */
final class OutboxMemory {

    /** About; the eldest go when there are more. They are those of an instance whose relay is at rest. */
    static final long MOST_BYTES = 8 << 20;

    /** What a message takes beside its body, roughly. */
    private static final int BYTES_AROUND_A_BODY = 1_024;

    private final Map<Long, OutboundMessage> messages = new LinkedHashMap<>();
    private long bytes;

    /** Keeps what was committed. */
    synchronized void keep(List<OutboxRow> committed) {
        for (OutboxRow row : committed) {
            messages.put(row.id(), row.message());
            bytes += size(row.message());
        }
        Iterator<OutboundMessage> eldest = messages.values().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= size(eldest.next());
            eldest.remove();
        }
    }

    /**
     * The rows of these ids, in their order, up to a limit; at least one.
     *
     * @param mostBytes of bodies: the row that reaches it is the last
     * @return null when one of them is not here
     */
    synchronized @Nullable List<OutboxRow> find(List<Long> ids, long mostBytes) {
        List<OutboxRow> found = new ArrayList<>(ids.size());
        long foundBytes = 0;
        for (Long id : ids) {
            OutboundMessage message = messages.get(id);
            if (message == null) {
                return null;
            }
            if (foundBytes >= mostBytes) {
                break;
            }
            found.add(new OutboxRow(id, message));
            foundBytes += message.body().length;
        }
        return found;
    }

    synchronized void forget(List<Long> ids) {
        for (Long id : ids) {
            OutboundMessage message = messages.remove(id);
            if (message != null) {
                bytes -= size(message);
            }
        }
    }

    private static long size(OutboundMessage message) {
        return (long) message.body().length + BYTES_AROUND_A_BODY;
    }
}
