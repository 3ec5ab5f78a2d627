package dev.counterstep.orchestrator.runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Says once that something stopped working, and once that it works again, however often it is tried in between. */
final class Outage {

    private final Logger log;
    private final String what;
    private @Nullable Exception cause;

    Outage(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    synchronized void goesOn(Exception why) {
        if (cause == null) {
            log.warn("{}: {}", what, why.toString());
        }
        log.debug("{}", what, why);
        cause = why;
    }

    synchronized void isOver() {
        if (cause != null) {
            log.info("{}: over", what);
            cause = null;
        }
    }
}
