package dev.counterstep.orchestrator.saga;

/** What becomes of the compensations that are still to come when one of them can go no further without an operator. */
public enum OnStuckCompensation {
    /** They wait for the operator too: everything is undone strictly in reverse order. */
    STOP,
    /** They are sent all the same; the saga is stuck when nothing else is left to be undone. */
    CONTINUE
}
