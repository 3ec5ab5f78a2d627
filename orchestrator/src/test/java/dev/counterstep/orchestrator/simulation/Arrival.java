package dev.counterstep.orchestrator.simulation;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaEvent;

/** What an orchestrator handles. */
sealed interface Arrival {

    /** {@code byMessage}: or by a call. */
    record Start(Message.Order order, boolean byMessage) implements Arrival {}

    record Cancel(Message.Order order) implements Arrival {}

    record Reply(Message.Reply message) implements Arrival {}

    record Timer(UUID sagaId) implements Arrival {}

    /** {@code expectedVersion}: what the operator saw; null when it does not matter to him. */
    record Operation(UUID sagaId, SagaEvent event, @Nullable Long expectedVersion) implements Arrival {}
}
