package dev.counterstep.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.order.notification.Notice;
import dev.counterstep.order.notification.NotificationMessages;
import dev.counterstep.order.notification.Priority;

/**
 * Tells the world about orders, in the transaction that changes them: events on {@code order.events}, and a notification to
 * the customer when an order ends.
 */
@Component
class OrderAnnouncements {

    static final String TOPIC = "order.events";
    private static final String SOURCE = "/order-service";

    private final Outbox outbox;
    private final MessageCodec codec;
    private final NotificationMessages notifications;
    private final ApplicationEventPublisher process;

    OrderAnnouncements(
            Outbox outbox, MessageCodec codec, NotificationMessages notifications, ApplicationEventPublisher process) {
        this.outbox = outbox;
        this.codec = codec;
        this.notifications = notifications;
        this.process = process;
    }

    /** {@code order.created}, for each of them: starts the saga; its body is the saga's input. */
    void placed(List<Order> orders) {
        outbox.append(orders.stream().map(this::created).toList());
    }

    private OutboundMessage created(Order order) {
        var body = new OrderCreated(order.id(), order.request());
        return event(order, "order.created", order.createdAt(), order.traceparent(), body);
    }

    /** {@code order.cancel-requested}: asks the saga to undo what it did, if it still can. */
    void cancellationRequested(Order order, String traceparent) {
        var body = new CancelRequested(order.id(), order.request().customerId(), "cancelled by the customer");
        outbox.append(List.of(event(order, "order.cancel-requested", order.updatedAt(), traceparent, body)));
    }

    /**
     * An order that has ended.
     *
     * @param order the order
     * @param cause the command that ended it
     */
    record Ended(Order order, Command cause) {}

    /**
     * A word to whoever waits in this process, once the transaction has committed.
     *
     * @return what is to be sent: for each of them {@code order.completed} or {@code order.cancelled}, and the notification
     */
    List<OutboundMessage> ended(List<Ended> ends) {
        ends.forEach(end -> process.publishEvent(new OrderEnded(end.order().id())));
        return ends.stream().flatMap(this::messages).toList();
    }

    private Stream<OutboundMessage> messages(Ended end) {
        var order = end.order();
        var cause = end.cause();
        var type = order.status() == OrderStatus.COMPLETED ? "order.completed" : "order.cancelled";
        var customerId = order.request().customerId();
        var body = new OrderEnd(order.id(), customerId, order.status(), order.reason(), order.sagaId());
        return Stream.of(
                event(order, type, order.updatedAt(), cause.traceparent(), body),
                notifications.message(notice(order, customerId), order.updatedAt(), cause));
    }

    private static Notice notice(Order order, String customerId) {
        return order.status() == OrderStatus.COMPLETED
                ? new Notice(order.id(), customerId, Priority.LOW, "Your order is complete.")
                : new Notice(order.id(), customerId, Priority.HIGH, "Your order was cancelled: " + order.reason());
    }

    private OutboundMessage event(Order order, String type, Instant at, @Nullable String traceparent, Object body) {
        var id = order.id().toString();
        // Each happens once to an order: the id is the same however often the message is sent.
        var event =
                new Event(id + ":" + type, type, SOURCE, id, at, order.correlationId(), traceparent, codec.write(body));
        return codec.encode(event, TOPIC, id);
    }

    record OrderCreated(UUID orderId, @JsonUnwrapped OrderRequest order) {}

    record CancelRequested(UUID orderId, String customerId, String reason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrderEnd(
            UUID orderId,
            String customerId,
            OrderStatus status,
            @Nullable String reason,
            @Nullable UUID sagaId) {}
}
