package dev.counterstep.inventory;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;

import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.SagaHeaders;

/** Stock promised to an order by one step of its saga. It is given back at most once, and exactly as much as was taken. */
@Entity
class Reservation {

    @Id
    @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
    private UUID id;

    private String orderId;
    private UUID sagaId;
    private String step;
    private String productId;
    private int quantity;

    @Enumerated(EnumType.STRING)
    private ReservationStatus status;

    private Instant createdAt;
    private @Nullable Instant releasedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Reservation() {}

    @SuppressWarnings("NullAway.Init") // Hibernate makes the id
    Reservation(SagaHeaders saga, StockRequest request, Instant now) {
        this.orderId = request.orderId();
        this.sagaId = saga.sagaId();
        this.step = saga.step();
        this.productId = request.productId();
        this.quantity = request.quantity();
        this.status = ReservationStatus.RESERVED;
        this.createdAt = now;
    }

    /**
     * Gives the stock back.
     *
     * @return false when it was given back before
     */
    boolean release(Instant now) {
        return switch (status) {
            case RESERVED -> {
                status = ReservationStatus.RELEASED;
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
        return orderId;
    }

    UUID sagaId() {
        return sagaId;
    }

    String step() {
        return step;
    }

    String productId() {
        return productId;
    }

    int quantity() {
        return quantity;
    }

    ReservationStatus status() {
        return status;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable
    Instant releasedAt() {
        return releasedAt;
    }
}
