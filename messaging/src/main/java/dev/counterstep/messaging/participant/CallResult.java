package dev.counterstep.messaging.participant;

import org.jspecify.annotations.Nullable;

/**
 * What a call came to.
 *
 * @param incoming the command
 * @param row its open row
 * @param completion turns the answer into an outcome, within a transaction
 * @param answer what the external system answered; undefined when the call failed
 * @param failure what the call threw; null when it did not
 */
record CallResult(
        IncomingCommand incoming,
        InboxKey row,
        Completion<?> completion,
        @Nullable Object answer,
        @Nullable Throwable failure)
        implements Work {}
