package dev.counterstep.orchestrator.saga;

/** What a participant says became of a command. */
public enum Outcome {
    /** Done, once and for all. */
    SUCCEEDED,
    /** A business no, once and for all. */
    REJECTED,
    /** A technical fault; nothing happened. */
    RETRYABLE,
    /** Still running; the step's timeout starts anew, up to {@link SagaStep#MOST_TIMEOUTS_IN_PROGRESS}. */
    IN_PROGRESS;

    /** True when no later reply to the same command can say otherwise. */
    public boolean isDefinitive() {
        return this == SUCCEEDED || this == REJECTED;
    }
}
