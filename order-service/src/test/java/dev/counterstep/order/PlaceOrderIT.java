package dev.counterstep.order;

import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.ParticipantClient;
import dev.counterstep.messaging.TestInfrastructure;

import static dev.counterstep.order.OrderClient.order;
import static dev.counterstep.order.OrderCommands.cancel;
import static dev.counterstep.order.OrderCommands.complete;
import static dev.counterstep.order.OrderCommands.validate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Placing orders over HTTP, as the seeds' and other clients do. */
@RunningOrders
class PlaceOrderIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @LocalServerPort
    int port;

    @Autowired
    MessageCodec codec;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    AutowireCapableBeanFactory beans;

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
    void acceptedOrderIsPendingAndItsEventCarriesTheSagasInput() throws Exception {
        var answer = client.post("/orders", """
                {"user_id": "user_123", "product_id": "product_1", "quantity": 2, "amount": 199.99}""");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("status")).isEqualTo("PENDING");
        assertThat(answer.location()).isEqualTo("/orders/" + answer.text("orderId"));
        var event = Topics.awaitMessage(
                "order.events", message -> answer.text("orderId").equals(message.key()));
        assertThat(event.headers())
                .containsEntry("ce_type", "order.created")
                .containsEntry("ce_source", "/order-service")
                .containsEntry("ce_subject", answer.text("orderId"))
                .containsEntry("correlation-id", answer.text("orderId"));
        assertThat(codec.readObject(codec.decodeEvent(event).body()))
                .isEqualTo(Map.of(
                        "orderId", answer.text("orderId"),
                        "customerId", "user_123",
                        "productId", "product_1",
                        "quantity", 2,
                        "amount", new BigDecimal("199.99"),
                        "currency", "EUR",
                        "flow", "order-fulfilment"));
    }

    @Test
    void orderWhoseEventCannotBeStoredIsNotAccepted() throws Exception {
        var owner = JdbcClient.create(RunningOrders.Infrastructure.DATABASE.ownerDataSource());
        owner.sql("ALTER TABLE outbox ADD CONSTRAINT no_event CHECK (position('unlucky'::bytea IN body) = 0) NOT VALID")
                .update();
        try {
            var answer = client.post("/orders", order("productId", "unlucky"), "Idempotency-Key", "unlucky");

            assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        } finally {
            owner.sql("ALTER TABLE outbox DROP CONSTRAINT no_event").update();
        }
        assertThat(count("SELECT count(*) FROM orders WHERE product_id = 'unlucky'"))
                .isZero();
        assertThat(count("SELECT count(*) FROM idempotency_key WHERE key = 'unlucky'"))
                .isZero();
    }

    @Test
    void callersCorrelationAndTraceTravelWithTheEvent() throws Exception {
        var id = client.post(
                        "/orders",
                        order(),
                        "X-Correlation-Id",
                        "basket-42",
                        "traceparent",
                        "00-" + TRACE + "-00f067aa0ba902b7-01")
                .text("orderId");

        var event = Topics.awaitMessage("order.events", message -> id.equals(message.key()));
        assertThat(event.headers()).containsEntry("correlation-id", "basket-42");
        assertThat(event.headers().get("traceparent")).startsWith("00-" + TRACE);
    }

    @Test
    void repeatedKeyAndBodyGetTheSameAnswerEvenWhenTheOrderHasEnded() throws Exception {
        var key = UUID.randomUUID().toString();
        var first = client.post("/orders", order(), "Idempotency-Key", key);
        saga.ask(complete(first.text("orderId")));

        var second = client.post("/orders", order().replace(":", " :  "), "Idempotency-Key", key);

        assertThat(second).isEqualTo(first);
        assertThat(first.status()).isEqualTo(202);
    }

    @Test
    void repeatedKeyWithAnotherBodyIsRefused() throws Exception {
        var key = UUID.randomUUID().toString();
        client.post("/orders", order("quantity", 1), "Idempotency-Key", key);

        var answer = client.post("/orders", order("quantity", 2), "Idempotency-Key", key);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("idempotency-key-reused");
    }

    @Test
    void concurrentDuplicatesPlaceOneOrder() throws Exception {
        var key = UUID.randomUUID().toString();
        var customer = "customer-" + key;

        var posts = IntStream.range(0, 12)
                .mapToObj(i -> client.postLater("/orders", order("customerId", customer), "Idempotency-Key", key))
                .toList();

        var answers = posts.stream().map(CompletableFuture::join).distinct().toList();
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).status()).isEqualTo(202);
        assertThat(count("SELECT count(*) FROM orders WHERE customer_id = '%s'".formatted(customer)))
                .isEqualTo(1);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceWithAPointer() throws Exception {
        var answer = client.post("/orders", """
                {"user_id": 7, "quantity": 0, "amount": 1.999, "currency": "XYZ", "flow": "teleport", "address": " "}""");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("pointer").asString()))
                .containsExactly("/user_id", "/productId", "/quantity", "/amount", "/currency", "/flow", "/address");
    }

    @Test
    void bodyThatIsNoJsonObjectIsRefused() throws Exception {
        assertThat(client.post("/orders", "{\"customerId\": ").status()).isEqualTo(400);
        assertThat(client.post("/orders", "[]").status()).isEqualTo(400);
        assertThat(client.post("/orders", "").status()).isEqualTo(400);
    }

    @Test
    void openApiDescribesAnOrder() throws Exception {
        var api = client.get("/v3/api-docs").body();

        assertThat(api.at("/paths/~1orders/post/requestBody/content/application~1json/schema/$ref")
                        .asString(""))
                .endsWith("/OrderRequest");
        assertThat(api.at("/components/schemas/OrderRequest/properties/quantity")
                        .isMissingNode())
                .isFalse();
    }

    @Test
    void headersThatCouldNotTravelAreRefused() throws Exception {
        assertThat(client.post("/orders", order(), "X-Correlation-Id", "two words")
                        .status())
                .isEqualTo(400);
        assertThat(client.post("/orders", order(), "Idempotency-Key", "k".repeat(256))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whoPrefersToWaitIsAnsweredWhenTheOrderEnds() throws Exception {
        var key = UUID.randomUUID().toString();
        var placed = client.post("/orders", order(), "Idempotency-Key", key);
        var waiting = client.postLater("/orders", order(), "Idempotency-Key", key, "Prefer", "wait=20");

        saga.ask(cancel(placed.text("orderId"), "payment declined by the gateway"));

        var answer = waiting.get(15, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("CANCELLED");
        assertThat(answer.text("reason")).isEqualTo("payment declined by the gateway");
        assertThat(answer.location()).isEqualTo(placed.location());
    }

    @Test
    void whoWaitsIsAnsweredToAnEndThatAnotherInstanceCommitted() throws Exception {
        var key = UUID.randomUUID().toString();
        var placed = client.post("/orders", order(), "Idempotency-Key", key);
        var waiting = client.postLater("/orders", order(), "Idempotency-Key", key, "Prefer", "wait=20");

        jdbc.sql("UPDATE orders SET status = 'COMPLETED', updated_at = now(), ended_at = now() WHERE id = :id")
                .param("id", UUID.fromString(placed.text("orderId")))
                .update();

        var answer = waiting.get(15, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("COMPLETED");
    }

    @Test
    void waitThatIsOverIsAnsweredAccepted() throws Exception {
        var answer = client.post("/orders", order(), "Prefer", "wait=1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("status")).isEqualTo("PENDING");
    }

    @Test
    void ordersAreAcceptedWhileKafkaIsAwayAndAnnouncedWhenItIsBack() throws Exception {
        var wire = TestInfrastructure.kafkaWire();
        OrderClient.Answer answer;
        wire.cut();
        try {
            answer = client.post("/orders", order());
        } finally {
            wire.restore();
        }

        assertThat(answer.status()).isEqualTo(202);
        Topics.awaitMessage("order.events", message -> answer.text("orderId").equals(message.key()));
    }

    @Test
    void orderWhoseAnnouncementTheBrokerLostIsAnnouncedAgainUntilItsSagaIsHeardOf() throws Exception {
        var id = client.placed(order());
        letTimePass(id);

        afterRestart().pass();

        var events = Topics.awaitMessages("order.events", message -> id.equals(message.key()), 2);
        assertThat(events).extracting(event -> event.headers().get("ce_type")).containsOnly("order.created");
        assertThat(events).extracting(event -> event.headers().get("ce_id")).containsOnly(id + ":order.created");
        assertThat(events)
                .extracting(event -> new String(event.body(), UTF_8))
                .containsOnly(new String(events.get(0).body(), UTF_8));

        saga.ask(validate(id, "user_123"));
        letTimePass(id);
        afterRestart().pass();

        assertThat(count("SELECT count(*) FROM orders WHERE announced_at < now() - interval '1 minute' AND id = '%s'"
                        .formatted(id)))
                .isEqualTo(1);
    }

    /** It has looked at no order yet, for time does not go backwards for one that has. */
    private ReannounceOrders afterRestart() {
        return new ReannounceOrders(
                beans.createBean(OrderStore.class),
                beans.getBean(OrderAnnouncements.class),
                beans.getBean(PlatformTransactionManager.class),
                beans.getBean(OrderProperties.class));
    }

    /** As if the order had last been announced a while ago. */
    private void letTimePass(String id) {
        jdbc.sql("UPDATE orders SET announced_at = now() - interval '2 minutes' WHERE id = :id")
                .param("id", UUID.fromString(id))
                .update();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
