package dev.counterstep.inventory;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.participant.StepKey;

/** Stock promised to an order by one step of its saga. It is given back at most once, and exactly as much as was taken. */
final class Reservation {

    private final UUID id;
    private final StepKey step;
    private final StockRequest request;
    private final Instant createdAt;
    private @Nullable Instant releasedAt;

    /** A new promise. */
    Reservation(UUID id, StepKey step, StockRequest request, Instant now) {
        this(id, step, request, now, null);
    }

    /** As it is stored. */
    Reservation(UUID id, StepKey step, StockRequest request, Instant createdAt, @Nullable Instant releasedAt) {
        this.id = id;
        this.step = step;
        this.request = request;
        this.createdAt = createdAt;
        this.releasedAt = releasedAt;
    }

    /**
     * Gives the stock back.
     *
     * @return false when it was given back before
     */
    boolean release(Instant now) {
        return switch (status()) {
            case RESERVED -> {
                // Clocks differ: time stands still rather than run backwards.
                releasedAt = now.isBefore(createdAt) ? createdAt : now;
                yield true;
            }
            case RELEASED -> false;
        };
    }

    UUID id() {
        return id;
    }

    String orderId() {
        return request.orderId();
    }

    StepKey step() {
        return step;
    }

    String productId() {
        return request.productId();
    }

    int quantity() {
        return request.quantity();
    }

    ReservationStatus status() {
        return releasedAt == null ? ReservationStatus.RESERVED : ReservationStatus.RELEASED;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable
    Instant releasedAt() {
        return releasedAt;
    }
}
