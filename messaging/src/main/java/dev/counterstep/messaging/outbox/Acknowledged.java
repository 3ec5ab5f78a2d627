package dev.counterstep.messaging.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows that the broker has acknowledged and that are still in the table. Whoever commits next takes some of them along; until
 * their removal is committed, they are not to be sent again. Safe for use by several threads.
 */
final class Acknowledged {

    private final Set<Long> waiting = new LinkedHashSet<>();
    private final Set<Long> taken = new HashSet<>();

    synchronized void add(Collection<Long> ids) {
        waiting.addAll(ids);
    }

    /** How many nobody has taken. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** All of them: to be asked before a read, for a removal may be committed while the read is under way. */
    synchronized Set<Long> ids() {
        Set<Long> ids = new HashSet<>(waiting);
        ids.addAll(taken);
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
        ids.forEach(taken::remove);
    }

    /** The transaction that took them did not commit, or nobody knows. */
    synchronized void giveBack(Collection<Long> ids) {
        ids.forEach(taken::remove);
        waiting.addAll(ids);
    }
}
