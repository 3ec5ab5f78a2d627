package dev.counterstep.orchestrator.saga;

/** What a failure of the step means for its saga. In a definition the kinds come in this order. */
public enum StepKind {
    /** Before the pivot: a failure compensates the saga. */
    COMPENSATABLE,
    /** The point of no return: once it succeeded the saga goes forward only. */
    PIVOT,
    /** After the pivot: it is tried until it succeeds, or the saga is stuck. */
    RETRIABLE
}
