package dev.counterstep.messaging.outbox;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.counterstep.messaging.outbox.OutboxMemory.Place;

/**
 * What one statement saw of the outbox.
 *
 * @param request what it was asked
 * @param places the oldest rows, those that have arrived and are still there among them, by id
 * @param own ids of those that the reading transaction inserted itself, outside any savepoint
 * @param held topics whose rows it left out, beside those of the request
 * @param full whether it stopped because of its limit
 * @param latest whether it saw all that was committed when it began
 * @param removals {@link Acknowledged#removals} before it began
 */
record OutboxRead(
        ReadRequest request,
        List<Place> places,
        Set<Long> own,
        Set<String> held,
        boolean full,
        boolean latest,
        long removals) {

    /**
     * Whether this, read by a transaction that has committed, tells what is committed. What it inserted after a savepoint may have
     * been rolled back.
     *
     * @param inserted by the transaction
     */
    boolean isCommitted(Collection<OutboxRow> inserted) {
        Set<Long> unsure = inserted.stream().map(OutboxRow::id).collect(Collectors.toSet());
        unsure.removeAll(own);
        return latest && places.stream().noneMatch(place -> unsure.contains(place.id()));
    }
}
