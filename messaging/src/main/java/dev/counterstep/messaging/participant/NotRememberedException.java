package dev.counterstep.messaging.participant;

/** Rolls a transaction back because of an outcome that must leave no trace, and carries that outcome to who answers it. */
final class NotRememberedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    NotRememberedException(Outcome outcome) {
        super(outcome.reason(), null, false, false);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
