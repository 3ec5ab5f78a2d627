package dev.counterstep.orchestrator.runtime;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;
import dev.counterstep.storage.TimeOrderedIds;

/**
 * What can be asked of a saga from outside, other than by message. Each call is a transaction of its own; when it returns, the
 * answer is committed. What is not possible is a value, not an exception.
 */
@Service
public class SagaOperations {

    private final SagaCoordinator coordinator;
    private final TimeOrderedIds ids;

    SagaOperations(SagaCoordinator coordinator, TimeOrderedIds ids) {
        this.coordinator = coordinator;
        this.ids = ids;
    }

    /**
     * Starts a saga.
     *
     * @param actor who wants it, for example {@code operator:alice}
     * @return {@link Handled.Kind#DONE}; {@link Handled.Kind#KNOWN} when the same was started before;
     *     {@link Handled.Kind#CONFLICT} when the key was used with another input
     * @throws org.springframework.dao.DataIntegrityViolationException when the database refuses it: the input or the key is
     *     too large
     */
    public Handled start(
            SagaDefinition definition, String businessKey, Map<String, Object> input, String actor, Origin origin) {
        SagaEvent.StartRequested event =
                new SagaEvent.StartRequested(ids.next(), businessKey, input, origin, actor, null);
        return handle(new Arrival.Start(definition, event, null));
    }

    /** Tries again what a stuck saga is stuck at. {@code expectedVersion}: what was seen, null when it does not matter. */
    public Handled replay(UUID sagaId, String actor, String reason, @Nullable Long expectedVersion) {
        return handle(new Arrival.Operation(sagaId, new SagaEvent.ReplayRequested(actor, reason), expectedVersion));
    }

    /** Undoes a running saga that has not passed its pivot. */
    public Handled compensate(UUID sagaId, String actor, String reason, @Nullable Long expectedVersion) {
        return handle(new Arrival.Operation(sagaId, new SagaEvent.CompensateRequested(actor, reason), expectedVersion));
    }

    /** Goes on without the steps a stuck saga is stuck at: somebody has settled them by other means. */
    public Handled skip(UUID sagaId, String actor, String reason, @Nullable Long expectedVersion) {
        return handle(new Arrival.Operation(sagaId, new SagaEvent.SkipRequested(actor, reason), expectedVersion));
    }

    /** Gives a stuck saga up. */
    public Handled abandon(UUID sagaId, String actor, String reason, @Nullable Long expectedVersion) {
        return handle(new Arrival.Operation(sagaId, new SagaEvent.AbandonRequested(actor, reason), expectedVersion));
    }

    private Handled handle(Arrival arrival) {
        return coordinator.handle(List.of(arrival)).get(0);
    }
}
