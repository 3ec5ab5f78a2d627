package dev.counterstep.messaging;

/** Which half of a step a command asks for. */
public enum Phase {
    /** Do the step. */
    ACTION,
    /** Undo the step; always harmless, even when the action never ran. */
    COMPENSATION
}
