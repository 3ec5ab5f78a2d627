package dev.counterstep.order;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

/**
 * What has become of an order so far: everything of it that changes.
 *
 * @param status where it is
 * @param reason why it was cancelled, null when it was not
 * @param sagaId the saga that runs it, null until that saga's first command arrived
 * @param updatedAt when it last changed
 * @param endedAt null while it is PENDING
 * @param version how often it has changed, the saga's becoming known not counted
 */
@Embeddable
record OrderState(
        @Enumerated(EnumType.STRING) OrderStatus status,
        @Nullable String reason,
        @Nullable UUID sagaId,
        Instant updatedAt,
        @Nullable Instant endedAt,
        long version) {

    /** A new order's. */
    static OrderState placed(Instant at) {
        return new OrderState(OrderStatus.PENDING, null, null, at, null, 0);
    }

    /** The next one, of an order that stays PENDING. */
    OrderState touched(Instant now) {
        return new OrderState(status, reason, sagaId, later(now), endedAt, version + 1);
    }

    /** The next one, and the last. */
    OrderState ended(OrderStatus end, @Nullable String why, UUID saga, Instant now) {
        return new OrderState(end, why, saga, later(now), later(now), version + 1);
    }

    /** Time stands still rather than run backwards: clocks differ. */
    private Instant later(Instant now) {
        return now.isBefore(updatedAt) ? updatedAt : now;
    }
}
