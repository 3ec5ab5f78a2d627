package dev.counterstep.order;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.ParticipantClient;

import static dev.counterstep.order.OrderClient.order;
import static dev.counterstep.order.OrderCommands.cancel;
import static dev.counterstep.order.OrderCommands.complete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What customers are told when their orders end, by way of the two notification topics. */
@RunningOrders
class NotificationsIT {

    @LocalServerPort
    int port;

    @Autowired
    MessageCodec codec;

    private OrderClient client;
    private ParticipantClient saga;

    @BeforeEach
    void connect() {
        client = new OrderClient(port);
        saga = new ParticipantClient("order");
    }

    @AfterEach
    void disconnect() {
        saga.close();
    }

    @Test
    void completedOrderIsNotifiedWithLowPriority() throws Exception {
        var id = client.placed(order());

        saga.ask(complete(id));

        await().until(() ->
                client.all("/notifications?orderId=" + id, "priority").contains("LOW"));
    }

    @Test
    void cancelledOrderIsNotifiedWithHighPriorityAndTheReason() throws Exception {
        var id = client.placed(order());

        saga.ask(cancel(id, "payment declined by the gateway"));

        await().until(() ->
                client.all("/notifications?orderId=" + id, "priority").contains("HIGH"));
        assertThat(client.all("/notifications?orderId=" + id, "text"))
                .containsExactly("Your order was cancelled: payment declined by the gateway");
    }

    @Test
    void notificationSentTwiceIsStoredOnce() throws Exception {
        var orderId = UUID.randomUUID();
        var message = notification(orderId, "first");
        Topics.send(message);
        Topics.send(message);
        Topics.send(notification(orderId, "second")); // the same partition: when it is there, the others were read

        await().until(() ->
                client.all("/notifications?orderId=" + orderId, "text").contains("second"));
        assertThat(client.all("/notifications?orderId=" + orderId, "text")).containsExactly("second", "first");
    }

    @Test
    void poisonIsSetAsideAndTheTopicGoesOn() throws Exception {
        var orderId = UUID.randomUUID();
        var key = "user_1";
        Topics.send(new OutboundMessage(
                "notifications.high",
                key,
                Map.of("poison-of", orderId.toString()),
                "{\"half\":".getBytes(StandardCharsets.UTF_8)));
        Topics.send(notification(orderId, "after the poison"));

        await().until(() ->
                client.all("/notifications?orderId=" + orderId, "text").contains("after the poison"));
        var letter = Topics.awaitMessage(
                "notifications.high.dlt",
                message -> orderId.toString().equals(message.headers().get("poison-of")));
        assertThat(letter.headers())
                .containsEntry("dlt-original-topic", "notifications.high")
                .containsKey("dlt-reason");
    }

    private OutboundMessage notification(UUID orderId, String text) {
        var body = Map.of("orderId", orderId.toString(), "customerId", "user_1", "priority", "HIGH", "text", text);
        var event = new Event(
                orderId + ":" + text,
                "order.notification",
                "/by-hand",
                orderId.toString(),
                Instant.now(),
                "correlation",
                null,
                codec.write(body));
        return codec.encode(event, "notifications.high", "user_1");
    }
}
