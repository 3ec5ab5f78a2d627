package dev.counterstep.order;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.ParticipantClient;

import static dev.counterstep.order.OrderClient.order;
import static dev.counterstep.order.OrderCommands.cancel;
import static dev.counterstep.order.OrderCommands.complete;
import static dev.counterstep.order.OrderCommands.validate;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of orders: ended by their sagas, cancelled by their customers, shown to both. */
@RunningOrders
class OrdersIT {

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
    void completedOrderIsShownWithItsHistoryAndAnnounced() throws Exception {
        var id = client.placed(order());
        var command = complete(id);

        assertThat(saga.ask(command).header("ce_type")).isEqualTo("order.completed");

        var shown = client.get("/orders/" + id);
        assertThat(shown.text("status")).isEqualTo("COMPLETED");
        assertThat(shown.text("sagaId")).isEqualTo(command.sagaId().toString());
        assertThat(shown.body().path("reason").isNull()).isTrue();
        assertThat(shown.body()
                        .path("history")
                        .valueStream()
                        .map(entry -> entry.path("status").asString()))
                .containsExactly("PENDING", "COMPLETED");
        var event = Topics.awaitMessage("order.events", isEvent("order.completed", id));
        assertThat(codec.readObject(codec.decodeEvent(event).body()))
                .containsEntry("orderId", id)
                .containsEntry("customerId", "user_1")
                .containsEntry("sagaId", command.sagaId().toString());
    }

    @Test
    void cancelledOrderTellsWhy() throws Exception {
        var id = client.placed(order());

        assertThat(saga.ask(cancel(id, "payment declined by the gateway")).header("ce_type"))
                .isEqualTo("order.cancelled");

        var shown = client.get("/orders/" + id);
        assertThat(shown.text("status")).isEqualTo("CANCELLED");
        assertThat(shown.text("reason")).isEqualTo("payment declined by the gateway");
        var event = Topics.awaitMessage("order.events", isEvent("order.cancelled", id));
        assertThat(codec.readObject(codec.decodeEvent(event).body()))
                .containsEntry("reason", "payment declined by the gateway");
    }

    @Test
    void cancelledOrderIsNotCompletedAfterwards() throws Exception {
        var id = client.placed(order());
        saga.ask(cancel(id, "payment declined by the gateway"));

        var reply = saga.ask(complete(id));

        assertThat(reply.header("ce_type")).isEqualTo("order.failed");
        assertThat(reply.outcome()).isEqualTo("REJECTED");
        assertThat(reply.reason()).isEqualTo("order " + id + " was cancelled before");
        assertThat(client.get("/orders/" + id).text("status")).isEqualTo("CANCELLED");
    }

    @Test
    void completedOrderIsNotCancelledAfterwards() throws Exception {
        var id = client.placed(order());
        saga.ask(complete(id));

        var reply = saga.ask(cancel(id, "too late"));

        assertThat(reply.outcome()).isEqualTo("RETRYABLE");
        assertThat(client.get("/orders/" + id).text("status")).isEqualTo("COMPLETED");
    }

    @Test
    void orderNobodyPlacedIsNotCompletedAndNeedsNoCancelling() {
        assertThat(saga.ask(complete("nobody's")).reason()).isEqualTo("order nobody's is unknown");
        assertThat(saga.ask(cancel("nobody's", "why not")).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void sagaIsKnownFromItsFirstCommand() throws Exception {
        var id = client.placed(order());
        var command = validate(id, "user_1");

        assertThat(saga.ask(command).header("ce_type")).isEqualTo("customer.validated");

        assertThat(client.get("/orders/" + id).text("sagaId"))
                .isEqualTo(command.sagaId().toString());
    }

    @Test
    void unknownAndBlockedCustomersAreRejected() {
        var unknown = saga.ask(validate(UUID.randomUUID().toString(), "nobody"));
        var blocked = saga.ask(validate(UUID.randomUUID().toString(), "cust_blocked"));

        assertThat(List.of(unknown, blocked)).allSatisfy(reply -> {
            assertThat(reply.header("ce_type")).isEqualTo("customer.failed");
            assertThat(reply.outcome()).isEqualTo("REJECTED");
        });
        assertThat(unknown.reason()).isEqualTo("customer nobody is unknown");
        assertThat(blocked.reason()).isEqualTo("customer cust_blocked is blocked");
    }

    @Test
    void cancellationAskedForTwiceIsRecordedOnceAndAnnouncedTwice() throws Exception {
        var id = client.placed(order());

        assertThat(client.post("/orders/" + id + "/cancel", "").status()).isEqualTo(202);
        assertThat(client.post("/orders/" + id + "/cancel", "").status()).isEqualTo(202);

        Topics.awaitMessages("order.events", isEvent("order.cancel-requested", id), 2);
        var shown = client.get("/orders/" + id);
        assertThat(shown.text("status")).isEqualTo("PENDING");
        assertThat(shown.body().path("history").size()).isEqualTo(2);
    }

    @Test
    void endedOrderCannotBeCancelled() throws Exception {
        var id = client.placed(order());
        saga.ask(complete(id));

        var answer = client.post("/orders/" + id + "/cancel", "");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("code")).isEqualTo("order-ended");
    }

    @Test
    void unknownOrderIsNotFound() throws Exception {
        for (var id : List.of(UUID.randomUUID().toString(), "42")) {
            assertThat(client.get("/orders/" + id).status()).isEqualTo(404);
            assertThat(client.post("/orders/" + id + "/cancel", "").status()).isEqualTo(404);
        }
    }

    @Test
    void ordersOfACustomerAreListedNewestFirstPageByPage() throws Exception {
        var customer = "customer-" + UUID.randomUUID();
        var placed = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            placed.add(0, client.placed(order("customerId", customer)));
        }

        var listed = client.all("/orders?limit=2&status=PENDING&customerId=" + customer, "orderId");

        assertThat(listed).isEqualTo(placed);
        assertThat(client.all("/orders?status=COMPLETED&customerId=" + customer, "orderId"))
                .isEmpty();
    }

    @Test
    void listParametersThatAreWrongAreRefused() throws Exception {
        for (var parameter : List.of("status=LOST", "limit=0", "limit=201", "cursor=nonsense", "customerId=%00")) {
            assertThat(client.get("/orders?" + parameter).status()).isEqualTo(400);
        }
    }

    @Test
    void customersAreListedPageByPage() throws Exception {
        assertThat(client.all("/customers?limit=3", "customerId"))
                .isSorted()
                .contains("user_123", "user_insufficient", "user_5", "cust_happy_path", "cust_blocked");
    }

    private static Predicate<InboundMessage> isEvent(String type, String orderId) {
        return message -> type.equals(message.headers().get("ce_type")) && orderId.equals(message.key());
    }
}
