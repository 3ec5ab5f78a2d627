package dev.counterstep.messaging.outbox;

import dev.counterstep.messaging.OutboundMessage;

/**
 * A message that waits in the outbox.
 *
 * @param id its place in line
 * @param message what to send
 */
record OutboxRow(long id, OutboundMessage message) {}
