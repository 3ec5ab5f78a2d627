package dev.counterstep.payment.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What became, once and for all, of the charge with one idempotency key.
 *
 * @param key the idempotency key
 * @param status what became of it
 * @param reference the gateway's name for the charge; null unless it was made
 */
public record Charge(String key, Status status, @Nullable String reference) {

    /** The three ways a charge can end. */
    public enum Status {
        /** The money was taken. */
        CHARGED,
        /** The gateway said no: nothing was taken. */
        DECLINED,
        /** Cancelled before it was made: nothing was taken, and nothing ever will be. */
        VOIDED
    }

    /** Whether money was taken, so that there is something to refund. */
    public boolean wasMade() {
        return status == Status.CHARGED;
    }
}
