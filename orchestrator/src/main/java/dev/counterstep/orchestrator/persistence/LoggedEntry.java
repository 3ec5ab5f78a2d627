package dev.counterstep.orchestrator.persistence;

import java.util.UUID;

import dev.counterstep.orchestrator.saga.SagaLogEntry;

/**
 * A row of table {@code saga_log}.
 *
 * @param sagaId whose log it is in
 * @param seq its place there: grows, with gaps
 * @param entry what it tells
 */
public record LoggedEntry(UUID sagaId, long seq, SagaLogEntry entry) {}
