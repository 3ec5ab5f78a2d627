/**
 * The participant's side of a saga: command handlers, the listener that runs them, and the inbox barrier that makes each
 * effect happen at most once.
 */
@NullMarked
package dev.counterstep.messaging.participant;

import org.jspecify.annotations.NullMarked;
