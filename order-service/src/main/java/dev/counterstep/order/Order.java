package dev.counterstep.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * An order. It is PENDING until its saga ends it, once; what was ordered never changes. Whoever changes one locks its row, and
 * each change adds one entry to the history.
 */
@Entity
@Table(name = "orders")
@DynamicUpdate
class Order {

    private static final int MAX_REASON = 4096;
    private static final String CANCELLATION_REQUESTED = "cancellation requested";

    @Id
    private UUID id;

    private String customerId;
    private String productId;
    private int quantity;
    private BigDecimal amount;
    private String currency;
    private String flow;
    private @Nullable String paymentMethod;
    private @Nullable String address;

    @Enumerated(EnumType.STRING)
    private OrderStatus status;

    private @Nullable String reason;
    private @Nullable UUID sagaId;
    private String correlationId;
    private String traceparent;
    private Instant createdAt;
    private Instant updatedAt;
    private @Nullable Instant endedAt;

    // Null tells Spring Data that the row is not there yet.
    @Version
    private @Nullable Long version;

    @OneToMany(mappedBy = "order", cascade = CascadeType.PERSIST)
    @OrderBy("id.seq")
    private List<OrderHistoryEntry> history = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Order() {}

    /** A new order, PENDING. */
    @SuppressWarnings("this-escape") // the first entry of its history points back
    Order(UUID id, OrderRequest request, RequestContext context, Instant now) {
        this.id = id;
        this.customerId = request.customerId();
        this.productId = request.productId();
        this.quantity = request.quantity();
        this.amount = request.amount();
        this.currency = request.currency();
        this.flow = request.flow();
        this.paymentMethod = request.paymentMethod();
        this.address = request.address();
        this.status = OrderStatus.PENDING;
        this.correlationId = context.correlationIdOr(id);
        this.traceparent = context.traceparent();
        this.createdAt = now;
        this.updatedAt = now;
        history.add(new OrderHistoryEntry(this, 0, now, status, null));
    }

    /** Its saga has done all steps: the order ends well. */
    Transition complete(UUID saga, Instant now) {
        return switch (status) {
            case PENDING -> end(OrderStatus.COMPLETED, null, saga, now);
            case COMPLETED -> Transition.ALREADY_MADE;
            case CANCELLED -> Transition.REFUSED;
        };
    }

    /** Its saga has undone all steps: the order ends, and {@code why} tells the customer the cause. */
    Transition cancel(UUID saga, String why, Instant now) {
        return switch (status) {
            case PENDING -> end(OrderStatus.CANCELLED, why.substring(0, Math.min(why.length(), MAX_REASON)), saga, now);
            case CANCELLED -> Transition.ALREADY_MADE;
            case COMPLETED -> Transition.REFUSED;
        };
    }

    /** The customer wants it cancelled, which only its saga can do: the order stays PENDING. Asking again changes nothing. */
    Transition requestCancellation(Instant now) {
        return switch (status) {
            case PENDING -> {
                if (history.stream().anyMatch(entry -> CANCELLATION_REQUESTED.equals(entry.detail()))) {
                    yield Transition.ALREADY_MADE;
                }
                record(CANCELLATION_REQUESTED, now);
                yield Transition.MADE;
            }
            case COMPLETED, CANCELLED -> Transition.REFUSED;
        };
    }

    private Transition end(OrderStatus end, @Nullable String why, UUID saga, Instant now) {
        status = end;
        reason = why;
        sagaId = saga;
        record(why, now);
        endedAt = updatedAt;
        return Transition.MADE;
    }

    /** The version counts changes, and so do the history's numbers. Time stands still rather than run backwards: clocks differ. */
    private void record(@Nullable String detail, Instant now) {
        updatedAt = now.isBefore(updatedAt) ? updatedAt : now;
        int seq = version == null ? history.size() : Math.toIntExact(version + 1);
        history.add(new OrderHistoryEntry(this, seq, updatedAt, status, detail));
    }

    UUID id() {
        return id;
    }

    /** What was ordered. */
    OrderRequest request() {
        return new OrderRequest(customerId, productId, quantity, amount, currency, flow, paymentMethod, address);
    }

    OrderStatus status() {
        return status;
    }

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    UUID sagaId() {
        return sagaId;
    }

    String correlationId() {
        return correlationId;
    }

    String traceparent() {
        return traceparent;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    @Nullable
    Instant endedAt() {
        return endedAt;
    }

    /** What happened to it, oldest first. */
    List<OrderHistoryEntry> history() {
        return List.copyOf(history);
    }
}
