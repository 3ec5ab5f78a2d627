package dev.counterstep.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;

import org.hibernate.annotations.Immutable;

/** A stored order with its history, for showing: only {@link OrderStore} writes orders. */
@Entity
@Immutable
@Table(name = "orders")
class ShownOrder {

    @Id
    private UUID id;

    @Embedded
    private OrderRequest request;

    @Embedded
    private OrderState state;

    private String correlationId;
    private String traceparent;
    private Instant createdAt;

    @ElementCollection
    @CollectionTable(name = "order_history", joinColumns = @JoinColumn(name = "order_id"))
    @OrderBy("seq")
    private List<OrderHistoryEntry> history;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected ShownOrder() {}

    Order order() {
        return new Order(id, request, new RequestContext(correlationId, traceparent), createdAt, state);
    }

    /** What happened to it, oldest first. */
    List<OrderHistoryEntry> history() {
        return List.copyOf(history);
    }
}
