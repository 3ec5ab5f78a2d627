package dev.counterstep.messaging.outbox;

import java.time.Instant;

import dev.counterstep.messaging.OutboundMessage;

/**
 * A message that waits in the outbox.
 *
 * @param id its place in line
 * @param appendedAt when its transaction began, by the database's clock
 * @param message what to send
 */
record OutboxRow(long id, Instant appendedAt, OutboundMessage message) {}
