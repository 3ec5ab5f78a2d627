package dev.counterstep.messaging.participant;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What a call came to.
 *
 * @param incoming the command
 * @param row its open row
 * @param completion turns the call's value into an outcome, within a transaction; null when the call failed
 * @param failure what the call threw; null when it did not
 */
record CallResult(
        IncomingCommand incoming,
        InboxKey row,
        @Nullable Supplier<Outcome> completion,
        @Nullable Throwable failure) implements Work {}
