package dev.counterstep.orchestrator.saga;

/** Where a saga stands. Every state says who moves it next. */
public enum SagaState {
    /** Steps are being done; moved by replies and timers. */
    RUNNING,
    /** Steps are being undone; moved by replies and timers. */
    COMPENSATING,
    /** Every step was done or skipped. Final. */
    COMPLETED,
    /** Every step that may have run was undone. Final. */
    COMPENSATED,
    /** A step can be neither done nor undone without help; moved by an operator, or by the answer that was still missing. */
    STUCK,
    /** An operator gave it up. Final. */
    ABANDONED;

    /** True when nothing will ever change this saga again. */
    public boolean isFinal() {
        return switch (this) {
            case RUNNING, COMPENSATING, STUCK -> false;
            case COMPLETED, COMPENSATED, ABANDONED -> true;
        };
    }

    /** True when replies and timers move the saga on, so that it always has a next action. */
    public boolean isActive() {
        return switch (this) {
            case RUNNING, COMPENSATING -> true;
            case COMPLETED, COMPENSATED, STUCK, ABANDONED -> false;
        };
    }
}
