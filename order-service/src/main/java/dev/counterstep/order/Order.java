package dev.counterstep.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An order. It is PENDING until its saga ends it, once; what was ordered never changes. Whoever changes one locks its row, and
 * each change adds one entry to the history.
 */
final class Order {

    private static final int MAX_REASON = 4096;
    private static final String CANCELLATION_REQUESTED = "cancellation requested";

    private final UUID id;
    private final OrderRequest request;
    private final RequestContext context;
    private final Instant createdAt;
    private final List<OrderHistoryEntry> news = new ArrayList<>();
    private OrderState state;

    /** A new order, PENDING. */
    Order(UUID id, OrderRequest request, RequestContext context, Instant now) {
        this(id, request, context, now, OrderState.placed(now));
        record(null);
    }

    /** As it is stored. */
    Order(UUID id, OrderRequest request, RequestContext context, Instant createdAt, OrderState state) {
        this.id = id;
        this.request = request;
        this.context = context;
        this.createdAt = createdAt;
        this.state = state;
    }

    /** Its saga has done all steps: the order ends well. */
    Transition complete(UUID saga, Instant now) {
        return switch (status()) {
            case PENDING -> end(OrderStatus.COMPLETED, null, saga, now);
            case COMPLETED -> Transition.ALREADY_MADE;
            case CANCELLED -> Transition.REFUSED;
        };
    }

    /** Its saga has undone all steps: the order ends, and {@code why} tells the customer the cause. */
    Transition cancel(UUID saga, String why, Instant now) {
        return switch (status()) {
            case PENDING -> end(OrderStatus.CANCELLED, why.substring(0, Math.min(why.length(), MAX_REASON)), saga, now);
            case CANCELLED -> Transition.ALREADY_MADE;
            case COMPLETED -> Transition.REFUSED;
        };
    }

    /** The customer wants it cancelled, which only its saga can do: the order stays PENDING. Asking again changes nothing. */
    Transition requestCancellation(Instant now) {
        return switch (status()) {
            case PENDING -> {
                // Nothing else changes an order that stays PENDING.
                if (state.version() > 0) {
                    yield Transition.ALREADY_MADE;
                }
                state = state.touched(now);
                record(CANCELLATION_REQUESTED);
                yield Transition.MADE;
            }
            case COMPLETED, CANCELLED -> Transition.REFUSED;
        };
    }

    private Transition end(OrderStatus end, @Nullable String why, UUID saga, Instant now) {
        state = state.ended(end, why, saga, now);
        record(why);
        return Transition.MADE;
    }

    private void record(@Nullable String detail) {
        news.add(new OrderHistoryEntry(Math.toIntExact(state.version()), updatedAt(), status(), detail));
    }

    UUID id() {
        return id;
    }

    /** What was ordered. */
    OrderRequest request() {
        return request;
    }

    /** What has become of it so far. */
    OrderState state() {
        return state;
    }

    OrderStatus status() {
        return state.status();
    }

    @Nullable
    String reason() {
        return state.reason();
    }

    @Nullable
    UUID sagaId() {
        return state.sagaId();
    }

    String correlationId() {
        return context.correlationIdOr(id);
    }

    String traceparent() {
        return context.traceparent();
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return state.updatedAt();
    }

    @Nullable
    Instant endedAt() {
        return state.endedAt();
    }

    /** What happened to it since it was read, or at all when it is new; oldest first. To be stored with it. */
    List<OrderHistoryEntry> news() {
        return List.copyOf(news);
    }
}
