package dev.counterstep.messaging.participant;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Says from anywhere below a handler or an external call that trying again makes sense, and when. Like everything thrown it rolls
 * the transaction back and leaves no trace.
 */
public final class RetryableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    /**
     * A technical fault.
     *
     * @param reason what is wrong
     * @param retryAfter the least time before the next attempt; null leaves it to the orchestrator
     */
    public RetryableException(String reason, @Nullable Duration retryAfter) {
        this(retryAfter == null ? Outcome.retryable(reason) : Outcome.retryable(reason, retryAfter));
    }

    /** An outcome that must not be remembered. */
    RetryableException(Outcome outcome) {
        super(outcome.reason(), null, false, false);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
