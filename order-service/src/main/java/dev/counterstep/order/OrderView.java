package dev.counterstep.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * An order as the API shows it.
 *
 * @param reason why it was cancelled, null when it was not
 * @param sagaId the saga that runs it, null until that saga's first command arrived
 * @param request what was ordered, field by field
 * @param correlationId on every message this order causes
 * @param endedAt null while it is PENDING
 * @param history what happened to it, oldest first; absent in lists and in the answer that it was accepted
 */
record OrderView(
        UUID orderId,
        OrderStatus status,
        @Nullable String reason,
        @Nullable UUID sagaId,
        @JsonUnwrapped OrderRequest request,
        String correlationId,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Entry> history) {

    /** As it was when it was accepted, whatever became of it since: the same for a repeated request. */
    static OrderView accepted(Order order) {
        var at = order.createdAt();
        return new OrderView(
                order.id(),
                OrderStatus.PENDING,
                null,
                null,
                order.request(),
                order.correlationId(),
                at,
                at,
                null,
                null);
    }

    static OrderView of(Order order) {
        return of(order, null);
    }

    static OrderView withHistory(Order order, List<OrderHistoryEntry> history) {
        return of(
                order,
                history.stream()
                        .map(entry -> new Entry(entry.at(), entry.status(), entry.detail()))
                        .toList());
    }

    private static OrderView of(Order order, @Nullable List<Entry> history) {
        return new OrderView(
                order.id(),
                order.status(),
                order.reason(),
                order.sagaId(),
                order.request(),
                order.correlationId(),
                order.createdAt(),
                order.updatedAt(),
                order.endedAt(),
                history);
    }

    record Entry(Instant at, OrderStatus status, @Nullable String detail) {}
}
