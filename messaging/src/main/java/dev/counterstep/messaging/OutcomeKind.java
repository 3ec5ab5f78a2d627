package dev.counterstep.messaging;

/** What a participant says became of a command. Only {@link #SUCCEEDED} and an action's {@link #REJECTED} are remembered. */
public enum OutcomeKind {
    /** Done, once and for all. */
    SUCCEEDED,
    /** A business no, once and for all: the saga compensates. Never the default. */
    REJECTED,
    /** A technical fault: nothing happened, the orchestrator sends the command again. Anything a handler throws is this. */
    RETRYABLE,
    /** Accepted and still running: the orchestrator waits for another full timeout. */
    IN_PROGRESS
}
