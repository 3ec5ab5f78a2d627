package dev.counterstep.orchestrator.saga;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A step of a definition: an action, its compensation, or both.
 *
 * @param id unique within the definition; the only name by which a step is known
 * @param participant who does it
 * @param action the command that does it; null when it was done before the saga began and only its undo is ours
 * @param compensation the command that undoes it; null when there is nothing to undo
 * @param kind what a failure means
 * @param timeout how long one attempt waits for its reply
 * @param retry how often and when it is sent again
 * @param expressions condition, key and payload
 */
public record SagaStep(
        String id,
        String participant,
        @Nullable String action,
        @Nullable String compensation,
        StepKind kind,
        Duration timeout,
        RetryPolicy retry,
        StepExpressions expressions) {

    /** The timeout of an attempt where the definition names none. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * How far IN_PROGRESS can extend one attempt, in timeouts from when it was sent; then it counts as one without a reply, so
     * that a step that is in progress for ever is given up in the end.
     */
    public static final int MOST_TIMEOUTS_IN_PROGRESS = 100;

    public SagaStep {
        if (action == null && compensation == null) {
            throw new IllegalArgumentException("step " + id + " needs an action, a compensation or both");
        }
        if (kind == StepKind.RETRIABLE && (action == null || compensation != null)) {
            throw new IllegalArgumentException("step " + id + " is retriable: it has an action and no compensation");
        }
    }

    /** The command of one phase, null when the step has none. */
    @Nullable
    String command(Phase phase) {
        return switch (phase) {
            case ACTION -> action;
            case COMPENSATION -> compensation;
        };
    }
}
