/**
 * The outbox: messages appended in the business transaction, and the relay that publishes them afterwards.
 */
@NullMarked
package dev.counterstep.messaging.outbox;

import org.jspecify.annotations.NullMarked;
