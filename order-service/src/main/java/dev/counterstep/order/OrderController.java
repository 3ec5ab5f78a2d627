package dev.counterstep.order;

import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import dev.counterstep.web.Cursor;
import dev.counterstep.web.Page;

/** Shows orders over REST, and takes the wish to cancel one. */
@RestController
class OrderController {

    private final FindOrders orders;
    private final RequestCancellation cancellation;

    OrderController(FindOrders orders, RequestCancellation cancellation) {
        this.orders = orders;
        this.cancellation = cancellation;
    }

    @GetMapping("/orders/{orderId}")
    OrderView one(@PathVariable String orderId) {
        return orders.one(OrderIds.known(orderId));
    }

    /** Orders, newest first. */
    @GetMapping("/orders")
    Page<OrderView> list(
            @RequestParam(required = false) @Nullable String customerId,
            @RequestParam(required = false) @Nullable OrderStatus status,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int size = Page.limit(limit);
        var before = Cursor.read(cursor, values -> UUID.fromString(values.get(0)));
        return Page.of(
                orders.list(customerId, status, before, size + 1),
                size,
                order -> Cursor.of(order.orderId().toString()));
    }

    /** Asks the order's saga to undo it; whether it could is seen at the order. */
    @PostMapping("/orders/{orderId}/cancel")
    ResponseEntity<OrderView> cancel(
            @PathVariable String orderId,
            @RequestHeader(name = RequestContext.CORRELATION_HEADER, required = false) @Nullable String correlationId,
            @RequestHeader(name = RequestContext.TRACE_HEADER, required = false) @Nullable String traceparent) {
        return ResponseEntity.accepted()
                .body(cancellation.request(OrderIds.known(orderId), RequestContext.of(correlationId, traceparent)));
    }
}
