package dev.counterstep.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import dev.counterstep.messaging.InboundMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What becomes of an order, seen from outside: every end the design knows. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OrderE2E {

    @TempDir
    private static Path dataDir;

    private static Quickstart quickstart;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        List<String> arguments = RunningQuickstart.arguments(dataDir, FreePorts.all());
        quickstart =
                new Quickstart(Options.parse(arguments.toArray(String[]::new)), new Terminal(System.out, System.err));
        quickstart.start();
        client = Client.of(dataDir);
    }

    @AfterAll
    static void stop() {
        try {
            SagaLogs.allFoldToTheirRows(dataDir);
        } finally {
            quickstart.close();
        }
    }

    @Test
    void goodOrderIsCompletedPaidAndOnItsWay() {
        int before = client.available("product_1");
        Client.Answer accepted = client.post(Client.order("user_123", "product_1", 2));
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body().path("status").asString()).isEqualTo("PENDING");
        String orderId = accepted.body().path("orderId").asString();
        assertThat(accepted.response().headers().firstValue("Location").orElseThrow())
                .endsWith("/orders/" + orderId);

        assertThat(client.ended(orderId).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(client.endedSaga(orderId).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(client.available("product_1")).isEqualTo(before - 2);
        assertThat(client.payments(orderId)).containsExactly("COMPLETED");
        assertThat(client.deliveries(orderId)).hasSize(1);
        assertThat(client.log(orderId)).startsWith("SAGA_STARTED").endsWith("SAGA_COMPLETED");
    }

    @Test
    void orderOverStockIsCancelledAndTakesNothing() {
        JsonNode before = client.stock("product_3");
        String orderId = client.place(Client.order("user_insufficient", "product_3", 100));
        JsonNode order = client.ended(orderId);
        assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(order.path("reason").asString()).contains("insufficient stock");
        assertThat(client.stock("product_3").path("available")).isEqualTo(before.path("available"));
        assertThat(client.stock("product_3").path("reserved")).isEqualTo(before.path("reserved"));
        assertThat(client.payments(orderId)).isEmpty();
        assertThat(client.endedSaga(orderId).path("status").asString()).isEqualTo("COMPENSATED");
    }

    @Test
    void declinedPaymentReleasesTheStock() {
        Map<String, Object> request = Client.order("user_1", "prod_123", 3);
        request.put("paymentMethod", "declined");
        String orderId = client.place(request);
        JsonNode order = client.ended(orderId);
        assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(order.path("reason").asString()).contains("declined");
        assertThat(client.log(orderId)).contains("REPLY_RECEIVED reserve-inventory COMPENSATION");
        assertThat(client.payments(orderId)).doesNotContain("COMPLETED");
        assertThat(client.stock("prod_123").path("reservations").findValuesAsString("orderId"))
                .contains(orderId);
        assertThat(client.stock("prod_123").path("available").asInt()
                        + client.stock("prod_123").path("reserved").asInt())
                .isEqualTo(5);
    }

    @Test
    void undeliverableAddressRefundsAndReleasesBeforeTheOrderIsCancelled() {
        Map<String, Object> request = Client.order("user_2", "product_2", 1);
        request.put("address", "undeliverable");
        String orderId = client.place(request);
        JsonNode order = client.ended(orderId);
        assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(order.path("reason").asString()).contains("undeliverable");
        assertThat(client.payments(orderId)).containsExactly("REFUNDED");
        assertThat(client.log(orderId))
                .containsSubsequence(
                        "COMPENSATION_STARTED schedule-delivery ACTION",
                        "REPLY_RECEIVED process-payment COMPENSATION",
                        "COMMAND_SENT reserve-inventory COMPENSATION",
                        "REPLY_RECEIVED reserve-inventory COMPENSATION",
                        "COMMAND_SENT order COMPENSATION",
                        "SAGA_COMPENSATED");
    }

    @Test
    void paymentFirstOrderRefundsWhenStockIsShort() {
        Map<String, Object> request = Client.order("cust_large_quantity", "product_3", 11);
        request.put("flow", "payment-first-order");
        String orderId = client.place(request);
        assertThat(client.ended(orderId).path("status").asString()).isEqualTo("CANCELLED");
        assertThat(client.payments(orderId)).containsExactly("REFUNDED");
        assertThat(client.saga(orderId).path("definition").asString()).isEqualTo("payment-first-order");
    }

    @Test
    void unknownAndBlockedCustomersGetNothing() {
        for (String customer : List.of("nobody_knows_me", "cust_blocked")) {
            String orderId = client.place(Client.order(customer, "product_1", 1));
            JsonNode order = client.ended(orderId);
            assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
            assertThat(order.path("reason").asString()).contains(customer);
            assertThat(client.payments(orderId)).isEmpty();
            assertThat(client.log(orderId)).doesNotContain("COMMAND_SENT reserve-inventory ACTION");
        }
    }

    @Test
    void repeatedIdempotencyKeyPlacesOneOrder() {
        String key = UUID.randomUUID().toString();
        Client.Answer first = client.post(Client.order("user_3", "product_1", 1), "Idempotency-Key", key);
        Client.Answer second = client.post(Client.order("user_3", "product_1", 1), "Idempotency-Key", key);
        assertThat(second.status()).isEqualTo(first.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        Client.Answer other = client.post(Client.order("user_3", "product_1", 2), "Idempotency-Key", key);
        assertThat(other.status()).isEqualTo(422);

        String orderId = first.body().path("orderId").asString();
        client.ended(orderId);
        assertThat(client.payments(orderId)).containsExactly("COMPLETED");
    }

    @Test
    void productThatInventoryCannotProcessIsSetAsideAndItsOrderCancelled() {
        String orderId = client.place(Client.order("cust_dlq_test", "prod_ignore", 1));
        assertThat(client.ended(orderId).path("status").asString()).isEqualTo("CANCELLED");
        assertThat(client.payments(orderId)).isEmpty();
        assertThat(deadLetters("inventory.commands.dlt"))
                .anySatisfy(body -> assertThat(body).contains(orderId));
        String next = client.place(Client.order("user_4", "product_1", 1));
        assertThat(client.ended(next).path("status").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void ordersAreAcceptedWithoutKafkaAndEndOnceItIsBack() {
        quickstart.kafka().stop();
        List<String> orderIds = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                orderIds.add(client.place(Client.order("user_4", "product_1", 1)));
            }
        } finally {
            quickstart.kafka().start();
        }
        for (String orderId : orderIds) {
            assertThat(client.ended(orderId).path("status").asString()).isEqualTo("COMPLETED");
            assertThat(client.payments(orderId)).containsExactly("COMPLETED");
        }
    }

    @Test
    void cancelledOrderIsUndone() {
        Map<String, Object> request = Client.order("user_1", "product_1", 1);
        request.put("paymentMethod", "slow");
        String orderId = client.place(request);
        client.cancel(orderId);
        JsonNode order = client.ended(orderId);
        assertThat(order.path("status").asString()).isEqualTo("CANCELLED");
        assertThat(order.path("reason").asString()).contains("cancelled by the customer");
        assertThat(client.payments(orderId)).doesNotContain("COMPLETED");
    }

    /** Comes last, when the other tests have made messages of nearly every kind. */
    @Test
    @Order(Integer.MAX_VALUE)
    void everyMessageIsAsItIsDescribed() {
        WireDocuments documents = new WireDocuments();
        Set<String> seen = new TreeSet<>();
        for (InboundMessage message : messages()) {
            assertDescribed(documents, message);
            seen.add(message.topic() + " " + message.headers().get("ce_type"));
        }
        Set<String> described = new TreeSet<>();
        for (String topic : documents.topics()) {
            documents.on(topic).forEach(message -> described.add(topic + " " + message.name()));
        }
        // What only happens when something is broken, or late, or both.
        described.removeAll(List.of(
                "saga.events saga.stuck",
                "order.replies order.failed",
                "delivery.commands delivery.cancel",
                "delivery.replies delivery.cancelled"));
        assertThat(seen).containsAll(described).contains("inventory.commands.dlt inventory.validate");
    }

    @Test
    void callerThatPrefersToWaitGetsTheFinalOrder() {
        Client.Answer answer = client.post(Client.order("user_5", "product_1", 1), "Prefer", "wait=30");
        assertThat(answer.body().path("status").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void badInputIsAnsweredWithAPointerForEachField() {
        Client.Answer answer = client.post(Map.of("customerId", "user_1", "quantity", -1));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(answer.body().path("errors").findValuesAsString("pointer"))
                .contains("/productId", "/quantity", "/amount");
    }

    @Test
    void orchestratorAsksWhoIsThere() {
        assertThat(client.anonymously("/sagas").status()).isEqualTo(401);
        assertThat(client.api("/sagas?limit=1").has("items")).isTrue();
    }

    @Test
    void readerAsksInSqlAndCannotWrite() throws SQLException {
        String orderId = client.place(Client.order("user_123", "product_1", 1));
        client.endedSaga(orderId);
        Properties connection = Client.connection(dataDir);
        try (Connection reader = DriverManager.getConnection(
                        connection.getProperty("postgres.url"),
                        connection.getProperty("postgres.reader.user"),
                        connection.getProperty("postgres.reader.password"));
                Statement statement = reader.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT status FROM saga_v1.saga WHERE business_key = '" + orderId + "'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("COMPLETED");
            }
            statement.execute("SET default_transaction_read_only = off");
            for (String write : List.of(
                    "DELETE FROM saga_v1.saga",
                    "UPDATE public.saga SET status = 'STUCK'",
                    "CREATE TABLE saga_v1.mine (id int)")) {
                assertThatThrownBy(() -> statement.execute(write))
                        .as(write)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void connectionFileIsPrivateAndComplete() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(dataDir.resolve("connection.properties"))))
                .isEqualTo("rw-------");
        assertThat(Client.connection(dataDir).stringPropertyNames())
                .containsExactlyInAnyOrder(
                        "api.url",
                        "console.url",
                        "order.url",
                        "inventory.url",
                        "payment.url",
                        "delivery.url",
                        "operator.user",
                        "operator.password",
                        "viewer.user",
                        "viewer.password",
                        "admin.user",
                        "admin.password",
                        "postgres.url",
                        "postgres.reader.user",
                        "postgres.reader.password",
                        "postgres.admin.user",
                        "postgres.admin.password",
                        "kafka.bootstrap");
    }

    /** Replies and events have no field that is not described; commands may, for a saga's whole input is their usual body. */
    private static void assertDescribed(WireDocuments documents, InboundMessage message) {
        String type = message.headers().get("ce_type");
        assertThat(documents.objections(message))
                .as("%s on %s", type, message.topic())
                .isEmpty();
        if (!message.topic().endsWith(".commands") && !message.topic().endsWith(".dlt")) {
            assertThat(documents.undescribed(message))
                    .as("%s on %s", type, message.topic())
                    .isEmpty();
        }
    }

    private static List<InboundMessage> messages() {
        return TopicReader.all(Client.connection(dataDir).getProperty("kafka.bootstrap"));
    }

    private static List<String> deadLetters(String topic) {
        return await("a dead letter on " + topic)
                .until(
                        () -> messages().stream()
                                .filter(message -> message.topic().equals(topic))
                                .map(message -> new String(Objects.requireNonNull(message.body()), UTF_8))
                                .toList(),
                        bodies -> !bodies.isEmpty());
    }
}
