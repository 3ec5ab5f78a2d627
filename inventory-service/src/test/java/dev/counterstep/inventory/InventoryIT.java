package dev.counterstep.inventory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.participant.HandlerRound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Stock over HTTP, and what SQL refuses whoever asks. */
@RunningInventory
class InventoryIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    int port;

    @Autowired
    ReserveStock reserveStock;

    @Autowired
    Outbox outbox;

    @Autowired
    TransactionOperations transaction;

    @Autowired
    JdbcClient jdbc;

    @Test
    void demoProductsAreThere() throws Exception {
        assertThat(get("/inventory/product_1").body().path("available").asInt()).isEqualTo(100);
        assertThat(get("/inventory/prod_123").body().path("available").asInt()).isEqualTo(5);
    }

    @Test
    void productIsCreatedAndRestocked() throws Exception {
        var id = "new-" + UUID.randomUUID();

        assertThat(put(id, "{\"available\": 5}").body().path("available").asInt())
                .isEqualTo(5);
        reserve("order-1", id, 2);
        var restocked = put(id, "{\"available\": 50}");

        assertThat(restocked.status()).isEqualTo(200);
        assertThat(restocked.body().path("available").asInt()).isEqualTo(50);
        assertThat(restocked.body().path("reserved").asInt()).isEqualTo(2);
    }

    @Test
    void stockThatIsNoCountIsRefusedWithItsPointer() throws Exception {
        for (var body : List.of("{}", "{\"available\": -1}", "{\"available\": 1.5}", "{\"available\": \"5\"}")) {
            var answer = put("product_1", body);

            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body().path("errors").path(0).path("pointer").asString(""))
                    .as(body)
                    .isEqualTo("/available");
        }
        assertThat(put("x".repeat(129), "{\"available\": 1}").status()).isEqualTo(400);
    }

    @Test
    void unknownProductIsNotFound() throws Exception {
        var answer = get("/inventory/nothing");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().path("code").asString("")).isEqualTo("unknown-product");
    }

    @Test
    void productsAreListedPageByPageWithTheirReservations() throws Exception {
        var id = "aaa-" + UUID.randomUUID();
        put(id, "{\"available\": 5}");
        reserve("order-of-" + id, id, 2);

        var first = get("/inventory?limit=1").body();
        var second = get("/inventory?limit=1&cursor=" + first.path("nextCursor").asString(""))
                .body();

        assertThat(first.path("items").path(0).path("productId").asString(""))
                .isLessThan(second.path("items").path(0).path("productId").asString(""));
        assertThat(get("/inventory/" + id)
                        .body()
                        .path("reservations")
                        .path(0)
                        .path("orderId")
                        .asString(""))
                .isEqualTo("order-of-" + id);
    }

    @Test
    void reservationsOfAnOrderAreFound() throws Exception {
        var order = "order-" + UUID.randomUUID();
        reserve(order, "product_1", 2);
        reserve("another", "product_1", 1);

        var items = get("/inventory?orderId=" + order).body().path("items");

        assertThat(items.size()).isEqualTo(1);
        assertThat(items.path(0).path("productId").asString("")).isEqualTo("product_1");
        assertThat(items.path(0).path("reservations").size()).isEqualTo(1);
        assertThat(get("/inventory?orderId=nobody").body().path("items").isEmpty())
                .isTrue();
    }

    @Test
    void sqlRefusesStockBelowZero() {
        for (var column : List.of("available", "reserved")) {
            assertThatThrownBy(() -> jdbc.sql("UPDATE product SET " + column + " = -1 WHERE id = 'product_2'")
                            .update())
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
    }

    private void reserve(String order, String product, int quantity) {
        HandlerRound.run(
                transaction,
                outbox,
                writes -> reserveStock.reserve(List.of(InventoryCommands.reserve(order, product, quantity)), writes));
    }

    private record Answer(int status, JsonNode body) {}

    private Answer get(String path) throws Exception {
        return send(request(path).GET());
    }

    private Answer put(String product, String body) throws Exception {
        return send(request("/inventory/" + product).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json");
    }

    private static Answer send(HttpRequest.Builder request) throws Exception {
        var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }
}
