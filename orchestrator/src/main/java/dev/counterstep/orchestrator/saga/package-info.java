/**
 * The saga core: {@code (definition, instance, event, now) → decision}, and nothing else.
 *
 * <p>A decision is a list of log entries, the instance they fold to, and the commands to send. The instance a decision
 * answers is computed from its entries by {@link dev.counterstep.orchestrator.saga.SagaFold}, the same function that
 * rebuilds an instance from the stored log: that the log folds to the row is not checked into existence, it is how the row
 * comes about.
 *
 * <p>Only {@code java.*} and JSpecify are used here; there is no clock, no randomness, no thread, no input or output. Start
 * reading at {@link dev.counterstep.orchestrator.saga.SagaStateMachine}.
 */
@NullMarked
package dev.counterstep.orchestrator.saga;

import org.jspecify.annotations.NullMarked;
