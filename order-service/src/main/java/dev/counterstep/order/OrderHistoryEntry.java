package dev.counterstep.order;

import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapsId;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

/** One thing that happened to an order. */
@Entity
@Table(name = "order_history")
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
class OrderHistoryEntry {

    @EmbeddedId
    private Id id;

    @MapsId("orderId")
    @ManyToOne(fetch = FetchType.LAZY)
    private Order order;

    private Instant at;

    @Enumerated(EnumType.STRING)
    private OrderStatus status;

    private @Nullable String detail;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected OrderHistoryEntry() {}

    OrderHistoryEntry(Order order, int seq, Instant at, OrderStatus status, @Nullable String detail) {
        this.id = new Id(order.id(), seq);
        this.order = order;
        this.at = at;
        this.status = status;
        this.detail = detail;
    }

    Instant at() {
        return at;
    }

    OrderStatus status() {
        return status;
    }

    @Nullable
    String detail() {
        return detail;
    }

    @Embeddable
    record Id(UUID orderId, int seq) implements Serializable {}
}
