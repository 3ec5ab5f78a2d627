package dev.counterstep.orchestrator.saga;

/** What a log entry tells. */
public enum LogKind {
    SAGA_STARTED,
    COMMAND_SENT,
    REPLY_RECEIVED,
    /** A duplicate, late or unmatched reply; it changes nothing. */
    REPLY_IGNORED,
    RETRY_SCHEDULED,
    STEP_TIMED_OUT,
    STEP_SKIPPED,
    DEADLINE_PASSED,
    COMPENSATION_STARTED,
    SAGA_COMPLETED,
    SAGA_COMPENSATED,
    SAGA_STUCK,
    SAGA_ABANDONED,
    /** Somebody asked for something from outside: replay, compensate, skip, abandon, cancel. */
    OPERATOR_ACTION
}
