package dev.counterstep.messaging.participant;

import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * An effect outside our database, in three moves: the handler commits its intent and returns this; {@code call} then runs
 * with no transaction open; {@code completion} turns the call's result into an outcome in a second transaction, together with
 * the stored reply.
 *
 * <p>If we die between the moves the inbox row is still open, and the command's next delivery runs the handler again: it
 * must find its intent and return a call that first asks the external system what became of the earlier one. What
 * {@code call} throws is RETRYABLE, and its completion is not run; with a {@link RetryableException} it says when asking again
 * makes sense. {@code call} must bound its own time.
 *
 * @param call talks to the external system; carries {@code SagaHeaders.idempotencyKey()}
 * @param completion records the result and answers; runs in a transaction
 * @param <T> what the external system answers
 */
public record ExternalCall<T>(Callable<T> call, Completion<T> completion) implements CommandResult {

    /** A call that is completed by itself. */
    public ExternalCall(Callable<T> call, Function<T, Outcome> complete) {
        this(call, Completion.oneByOne(complete));
    }
}
