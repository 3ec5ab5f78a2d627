package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of a decision, and how far back the clocks that it looks at may count.
 *
 * @param at the time; whole microseconds, as the database keeps it
 * @param answerableSince since when participants could receive our commands and we their replies, without a break. A clock
 *     that started earlier is counted from here: silence while nobody could be heard is nobody's fault.
 *     {@link Instant#MIN} when there never was a break.
 */
public record Now(Instant at, Instant answerableSince) {

    /** A time without any break before it. */
    public static Now at(Instant at) {
        return new Now(at, Instant.MIN);
    }

    /** A saga's time never runs backward, even when a node's clock is behind that of the node that decided before. */
    Now notBefore(Instant earlier) {
        return at.isBefore(earlier) ? new Now(earlier, answerableSince) : this;
    }

    /** When a clock that would ring at {@code due} after running for {@code limit} really rings. */
    Instant ring(Instant due, Duration limit) {
        if (answerableSince.equals(Instant.MIN)) {
            return due;
        }
        Instant restarted = answerableSince.plus(limit);
        return restarted.isAfter(due) ? restarted : due;
    }
}
