package dev.counterstep.orchestrator.persistence;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaState;

/**
 * Which sagas are meant: those that meet every condition; null is no condition.
 *
 * @param status the state
 * @param definition the definition's name
 * @param businessKey the business key, in any definition
 * @param startedAfter started at this instant or later
 * @param startedBefore started before this instant
 */
public record SagaFilter(
        @Nullable SagaState status,
        @Nullable String definition,
        @Nullable String businessKey,
        @Nullable Instant startedAfter,
        @Nullable Instant startedBefore) {

    /** All sagas. */
    public static final SagaFilter ALL = new SagaFilter(null, null, null, null, null);
}
