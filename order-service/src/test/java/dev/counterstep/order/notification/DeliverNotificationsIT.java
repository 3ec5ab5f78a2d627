package dev.counterstep.order.notification;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.order.RunningOrders;

import static org.assertj.core.api.Assertions.assertThat;

/** Many notifications in one transaction: what of them is stored, and what it costs. */
@RunningOrders
class DeliverNotificationsIT {

    @Autowired
    DeliverNotifications delivery;

    @Autowired
    FindNotifications notifications;

    @Autowired
    MessageCodec codec;

    @Autowired
    StatementCounter statements;

    private final UUID order = UUID.randomUUID();

    @Test
    void hundredNotificationsTakeAsManyStatementsAsOne() {
        var hundred = IntStream.range(0, 100)
                .mapToObj(i -> message("number " + i, "text " + i))
                .toList();

        assertThat(statementsOf(List.of(message("alone", "alone"))))
                .isEqualTo(statementsOf(hundred))
                .isEqualTo(1);
        assertThat(notifications.list(order, null, 200)).hasSize(101);
    }

    @Test
    void notificationThatComesTwiceInABatchIsStoredOnceInItsPlace() {
        delivery.deliver(
                List.of(message("z", "first"), message("b", "second"), message("z", "again"), message("a", "third")));
        delivery.deliver(List.of(message("b", "again"), message("c", "fourth")));

        assertThat(notifications.list(order, null, 200))
                .extracting(Notification::text)
                .containsExactly("fourth", "third", "second", "first");
    }

    private long statementsOf(List<InboundMessage> messages) {
        long before = statements.count();
        delivery.deliver(messages);
        return statements.count() - before;
    }

    private InboundMessage message(String id, String text) {
        var notice = new Notice(order, "user_1", Priority.LOW, text);
        var event = new Event(
                order + ":" + id,
                "order.notification",
                "/by-hand",
                order.toString(),
                Instant.EPOCH,
                "correlation",
                null,
                codec.write(notice));
        var message = codec.encode(event, Priority.LOW_TOPIC, "user_1");
        return new InboundMessage(message.topic(), 0, 0, message.key(), message.headers(), message.body());
    }
}
