package dev.counterstep.messaging.outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The rows that the broker has acknowledged and that are still in the table. Whoever commits next takes some of them along; until
 * their removal is committed, they are not to be sent again; nor after it, by whoever has read them before. Safe for use by several
 * threads.
 */
final class Acknowledged {

    /** How many removed rows are remembered, at least. */
    static final int MOST_REMEMBERED = 50_000;

    private record Removal(long number, Collection<Long> ids) {}

    private final Set<Long> waiting = new LinkedHashSet<>();
    private final Set<Long> taken = new HashSet<>();
    private final Deque<Removal> removed = new ArrayDeque<>();
    private int remembered;
    private long removals;

    synchronized void add(Collection<Long> ids) {
        waiting.addAll(ids);
    }

    /** How many nobody has taken. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** How many are still in the table, as far as is known. */
    synchronized int present() {
        return waiting.size() + taken.size();
    }

    /** How many removals were committed: to be asked before a read, which may still see what is removed while it is under way. */
    synchronized long removals() {
        return removals;
    }

    /**
     * All that a read may have seen of them.
     *
     * @param before the removals before it
     * @return null when it began so long ago that nobody knows
     */
    synchronized @Nullable Set<Long> seenSince(long before) {
        Removal eldest = removed.peekFirst();
        long forgotten = eldest == null ? removals : eldest.number() - 1;
        if (before < forgotten) {
            return null;
        }
        Set<Long> ids = new HashSet<>(waiting);
        ids.addAll(taken);
        Iterator<Removal> latestFirst = removed.descendingIterator();
        while (latestFirst.hasNext()) {
            Removal removal = latestFirst.next();
            if (removal.number() <= before) {
                break;
            }
            ids.addAll(removal.ids());
        }
        return ids;
    }

    /** Gives some to a transaction that is going to remove them, those acknowledged first; in ascending order. */
    synchronized List<Long> take(int most) {
        List<Long> ids = new ArrayList<>();
        Iterator<Long> next = waiting.iterator();
        while (ids.size() < most && next.hasNext()) {
            ids.add(next.next());
            next.remove();
        }
        taken.addAll(ids);
        return ids.stream().sorted().toList();
    }

    /** They are gone for good. */
    synchronized void removed(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        ids.forEach(taken::remove);
        removals++;
        removed.addLast(new Removal(removals, ids));
        remembered += ids.size();
        while (remembered - removed.getFirst().ids().size() >= MOST_REMEMBERED) {
            remembered -= removed.removeFirst().ids().size();
        }
    }

    /** The transaction that took them did not commit, or nobody knows. */
    synchronized void giveBack(Collection<Long> ids) {
        ids.forEach(taken::remove);
        waiting.addAll(ids);
    }
}
