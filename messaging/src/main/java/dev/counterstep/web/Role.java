package dev.counterstep.web;

/** What a user may do. ADMIN includes OPERATOR, OPERATOR includes VIEWER; CLIENT stands alone. */
public enum Role {
    /** Places orders and reads them. */
    CLIENT,
    /** Reads. */
    VIEWER,
    /** Replays, compensates, pauses, redrives, restocks. */
    OPERATOR,
    /** Skips and abandons steps, edits definitions. */
    ADMIN
}
