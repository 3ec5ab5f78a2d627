package dev.counterstep.order;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Places orders over REST. */
@RestController
class PlaceOrderController {

    private static final String KEY_HEADER = "Idempotency-Key";

    private final OrderRequestReader reader;
    private final PlaceOrder placement;
    private final FindOrders orders;
    private final OrderWaiters waiters;
    private final AsyncTaskExecutor executor;
    private final Duration maxWait;

    PlaceOrderController(
            OrderRequestReader reader,
            PlaceOrder placement,
            FindOrders orders,
            OrderWaiters waiters,
            AsyncTaskExecutor applicationTaskExecutor,
            OrderProperties properties) {
        this.reader = reader;
        this.placement = placement;
        this.orders = orders;
        this.waiters = waiters;
        this.executor = applicationTaskExecutor;
        this.maxWait = properties.maxWait();
    }

    /** Accepts an order; what becomes of it is at {@code Location}. */
    @Operation(
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = OrderRequest.class))))
    @PostMapping(path = "/orders", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<OrderView> place(
            @RequestBody byte[] body,
            @RequestHeader(name = KEY_HEADER, required = false) @Nullable String key,
            @RequestHeader(name = RequestContext.CORRELATION_HEADER, required = false) @Nullable String correlationId,
            @RequestHeader(name = RequestContext.TRACE_HEADER, required = false) @Nullable String traceparent) {
        return accepted(placed(body, key, RequestContext.of(correlationId, traceparent)));
    }

    /** Accepts an order and answers when it has ended, 200, or when the preferred wait is over, 202. */
    @Operation(
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(schema = @Schema(implementation = OrderRequest.class))))
    @PostMapping(path = "/orders", consumes = MediaType.APPLICATION_JSON_VALUE, headers = "Prefer")
    CompletionStage<ResponseEntity<OrderView>> placeAndWait(
            @RequestBody byte[] body,
            @RequestHeader("Prefer") String preference,
            @RequestHeader(name = KEY_HEADER, required = false) @Nullable String key,
            @RequestHeader(name = RequestContext.CORRELATION_HEADER, required = false) @Nullable String correlationId,
            @RequestHeader(name = RequestContext.TRACE_HEADER, required = false) @Nullable String traceparent) {
        var order = placed(body, key, RequestContext.of(correlationId, traceparent));
        var wait = WaitPreference.in(preference, maxWait);
        return waiters.await(order.orderId(), wait)
                .thenApplyAsync(ended -> ended ? ended(order) : accepted(order), executor);
    }

    private OrderView placed(byte[] body, @Nullable String key, RequestContext context) {
        return placement.place(reader.read(body), HeaderText.checked(KEY_HEADER, key), context);
    }

    private ResponseEntity<OrderView> ended(OrderView order) {
        return ResponseEntity.ok().location(location(order)).body(orders.one(order.orderId()));
    }

    private static ResponseEntity<OrderView> accepted(OrderView order) {
        return ResponseEntity.accepted().location(location(order)).body(order);
    }

    private static URI location(OrderView order) {
        return URI.create("/orders/" + order.orderId());
    }
}
