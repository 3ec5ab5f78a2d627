/**
 * The transactional shell around the core: {@code lock → decide → save → append} for a whole batch of events in one transaction,
 * the timer loop, operators' requests, and what people are told about a saga. Start reading at
 * {@link dev.counterstep.orchestrator.runtime.SagaCoordinator}.
 */
@NullMarked
package dev.counterstep.orchestrator.runtime;

import org.jspecify.annotations.NullMarked;
