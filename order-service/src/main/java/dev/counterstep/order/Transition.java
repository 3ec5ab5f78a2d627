package dev.counterstep.order;

/** What became of an order that was asked to change. */
enum Transition {
    /** It did. */
    MADE,
    /** It had before: nothing changed. */
    ALREADY_MADE,
    /** It cannot any more: nothing changed. */
    REFUSED
}
