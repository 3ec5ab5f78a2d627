package dev.counterstep.orchestrator.saga;

/** Which half of a step is meant. */
public enum Phase {
    /** Doing the step. */
    ACTION,
    /** Undoing it. */
    COMPENSATION
}
