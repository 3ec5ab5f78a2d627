package dev.counterstep.order.notification;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.order.notification.NotificationStore.Delivered;
import dev.counterstep.storage.TimeOrderedIds;

/**
 * Delivers notifications, which here means that they are stored and shown: each message once, a batch in one transaction. What
 * cannot be read is set aside and the rest goes on.
 */
@Service
class DeliverNotifications {

    private final NotificationStore notifications;
    private final MessageCodec codec;
    private final Outbox outbox;
    private final TimeOrderedIds ids;
    private final Clock clock;

    DeliverNotifications(
            NotificationStore notifications, MessageCodec codec, Outbox outbox, TimeOrderedIds ids, Clock clock) {
        this.notifications = notifications;
        this.codec = codec;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    @Transactional
    void deliver(List<InboundMessage> messages) {
        var delivered = new ArrayList<Delivered>();
        var deadLetters = new ArrayList<OutboundMessage>();
        for (var message : messages) {
            try {
                delivered.add(read(message));
            } catch (PoisonMessageException e) {
                deadLetters.add(codec.deadLetter(message, e));
            }
        }
        notifications.insertIfAbsent(delivered, clock.instant());
        outbox.append(deadLetters);
    }

    private Delivered read(InboundMessage message) {
        var event = codec.decodeEvent(message);
        var notice = codec.read(event.body(), Notice.class);
        if (!notice.isDeliverable()) {
            throw new PoisonMessageException(
                    "ill-typed", "customerId and text must be 1 to 128 and 1 to 4096 characters");
        }
        return new Delivered(ids.next(), notice, event.id());
    }
}
