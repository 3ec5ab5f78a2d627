package dev.counterstep.benchmark;

import java.util.Locale;

/** What is measured. */
enum SystemKind {
    /** Counterstep. */
    PRODUCT,
    /** The same rows and messages, written by hand with nothing between. */
    FLOOR;

    /** For people, and in JSON. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
