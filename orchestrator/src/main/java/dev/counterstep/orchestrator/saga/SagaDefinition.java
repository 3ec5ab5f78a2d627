package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;

import org.jspecify.annotations.Nullable;

/**
 * The plan of a saga: groups of steps, one group after the other, the steps of a group at the same time. Immutable; a saga
 * keeps the (name, version) it was started with for life.
 *
 * @param name the definition's name
 * @param version 1-based
 * @param timeout how long everything up to the pivot may take before the saga is compensated; null for no limit
 * @param onStuckCompensation what becomes of the other compensations when one is stuck
 * @param groups in the order they are run; compensated in reverse
 */
public record SagaDefinition(
        String name,
        int version,
        @Nullable Duration timeout,
        OnStuckCompensation onStuckCompensation,
        List<List<SagaStep>> groups) {

    public SagaDefinition {
        groups = groups.stream().map(List::copyOf).toList();
    }

    /** A plan whose other compensations wait when one is stuck. */
    public SagaDefinition(String name, int version, @Nullable Duration timeout, List<List<SagaStep>> groups) {
        this(name, version, timeout, OnStuckCompensation.STOP, groups);
    }

    /** All steps, in the order of the definition. */
    public List<SagaStep> steps() {
        return groups.stream().flatMap(List::stream).toList();
    }

    /**
     * The step of this id.
     *
     * @throws NoSuchElementException when the definition has no such step
     */
    public SagaStep step(String id) {
        return steps().stream()
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name + ":" + version + " has no step " + id));
    }

    /** Name and version as one word, {@code name:version}. */
    public String reference() {
        return name + ":" + version;
    }
}
