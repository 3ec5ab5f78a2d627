/**
 * The orchestrator's side of Kafka: reads replies, events and dead letters, a batch at a time, and hands them to the runtime.
 * Nothing is sent from here: what a saga has to say goes through the outbox.
 */
@NullMarked
package dev.counterstep.orchestrator.messaging;

import org.jspecify.annotations.NullMarked;
