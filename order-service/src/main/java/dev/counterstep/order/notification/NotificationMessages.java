package dev.counterstep.order.notification;

import java.time.Instant;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;

/** Writes notification messages, one for each order's end. */
@Component
public class NotificationMessages {

    private static final String TYPE = "order.notification";
    private static final String SOURCE = "/order-service";

    private final MessageCodec codec;

    NotificationMessages(MessageCodec codec) {
        this.codec = codec;
    }

    /** The message that carries {@code notice} to its priority's topic, in the trace of what caused it. */
    public OutboundMessage message(Notice notice, Instant at, Command cause) {
        var orderId = notice.orderId().toString();
        var event = new Event(
                orderId + ":" + TYPE,
                TYPE,
                SOURCE,
                orderId,
                at,
                cause.correlationId(),
                cause.traceparent(),
                codec.write(notice));
        return codec.encode(event, notice.priority().topic(), notice.customerId());
    }
}
