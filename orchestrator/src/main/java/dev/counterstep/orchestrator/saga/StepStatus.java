package dev.counterstep.orchestrator.saga;

/** Where a step of a saga stands, in the phase the step is in. */
public enum StepStatus {
    /** Its turn has not come; nothing was sent. */
    PENDING,
    /** Its command was sent; the reply is awaited until the step's due time. */
    SENT,
    /** Its last attempt failed; at the step's due time the command is sent again. */
    RETRYING,
    /** The action was done (or had been done before the saga began). */
    SUCCEEDED,
    /** The participant refused: for good, in this generation. */
    REJECTED,
    /** The action may or may not have happened: it is compensated as if it had. */
    UNKNOWN,
    /** Left out: its condition was false, or an operator said so. */
    SKIPPED,
    /** The action was undone. */
    COMPENSATED,
    /** Out of attempts, where only an operator can help: in a compensation, or past the pivot. */
    FAILED;

    /** True when an answer or a retry is still to come. */
    public boolean isInFlight() {
        return this == SENT || this == RETRYING;
    }
}
