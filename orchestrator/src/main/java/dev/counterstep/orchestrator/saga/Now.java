package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The time of a decision, and how far back the clocks that it looks at may count.
 *
 * @param at the time; whole microseconds, as the database keeps it
 * @param answerableSince by participant, since when it could receive our commands and we its replies, without a break. A clock
 *     that waits for it and started earlier is counted from here: silence while it could not be heard is not its fault. A
 *     participant that cannot be heard now has {@code at} itself. Absent: there never was a break.
 */
public record Now(Instant at, Map<String, Instant> answerableSince) {

    public Now {
        answerableSince = Map.copyOf(answerableSince);
    }

    /** A time without any break before it. */
    public static Now at(Instant at) {
        return new Now(at, Map.of());
    }

    /** A saga's time never runs backward, even when a node's clock is behind that of the node that decided before. */
    Now notBefore(Instant earlier) {
        return at.isBefore(earlier) ? new Now(earlier, answerableSince) : this;
    }

    /** When a clock really rings that waits for some participants, and would at {@code due} after running for {@code limit}. */
    Instant ring(Stream<String> participants, Instant due, Duration limit) {
        return participants
                .map(answerableSince::get)
                .filter(Objects::nonNull)
                .map(since -> since.plus(limit))
                .filter(restarted -> restarted.isAfter(due))
                .max(Comparator.naturalOrder())
                .orElse(due);
    }
}
