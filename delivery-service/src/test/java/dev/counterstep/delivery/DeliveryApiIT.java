package dev.counterstep.delivery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;

@DeliveryServiceTest
class DeliveryApiIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String order = "order-" + UUID.randomUUID();
    private final List<String> newestFirst = new ArrayList<>();

    @LocalServerPort
    int port;

    @Autowired
    DeliveryStore deliveries;

    @Autowired
    TimeOrderedIds ids;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    Clock clock;

    @BeforeEach
    void threeDeliveriesOfOneOrderAndOneOfAnother() {
        transactions.executeWithoutResult(status -> {
            for (String orderId : List.of(order, order, order, "order-" + UUID.randomUUID())) {
                var saga = new SagaHeaders(UUID.randomUUID(), "test:1", "deliver", Phase.ACTION, 1, 1, null, null);
                var terms = DeliveryTerms.of(ids.next(), saga, orderId, null, clock.instant());
                deliveries.insert(List.of(terms));
                booked(saga.idempotencyKey());
                newestFirst.add(0, terms.id().toString());
            }
        });
        newestFirst.remove(0);
    }

    private void booked(String key) {
        Collection<Delivery> locked = deliveries.lock(List.of(key)).values();
        locked.forEach(
                delivery -> delivery.carrierSaid(new Booking(key, Booking.Status.BOOKED, "trk_1"), clock.instant()));
        deliveries.update(locked);
    }

    @Test
    void deliveriesOfAnOrderPageByCursor() throws Exception {
        JsonNode first = get("/deliveries?limit=2&orderId=" + order, 200);
        JsonNode second = get("/deliveries?limit=2&orderId=" + order + "&cursor=" + text(first, "nextCursor"), 200);

        List<String> seen = new ArrayList<>(ids(first));
        seen.addAll(ids(second));
        assertThat(ids(first)).hasSize(2);
        assertThat(seen).isEqualTo(newestFirst);
        assertThat(second.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void allDeliveriesPageByCursor() throws Exception {
        JsonNode first = get("/deliveries?limit=1", 200);
        JsonNode second = get("/deliveries?limit=1&cursor=" + text(first, "nextCursor"), 200);

        assertThat(ids(first)).hasSize(1).doesNotContainAnyElementsOf(ids(second));
        assertThat(ids(second)).hasSize(1);
    }

    @Test
    void deliveryShowsWhatBecameOfIt() throws Exception {
        JsonNode delivery = get("/deliveries/" + newestFirst.get(0), 200);

        assertThat(text(delivery, "deliveryId")).isEqualTo(newestFirst.get(0));
        assertThat(text(delivery, "orderId")).isEqualTo(order);
        assertThat(delivery.get("address").isNull()).isTrue();
        assertThat(text(delivery, "status")).isEqualTo("SCHEDULED");
        assertThat(text(delivery, "trackingNumber")).isEqualTo("trk_1");
        assertThat(delivery.get("reason").isNull()).isTrue();
        assertThat(text(delivery, "createdAt")).endsWith("Z");
    }

    @Test
    void unknownDeliveryIsNotFound() throws Exception {
        JsonNode problem = get("/deliveries/" + UUID.randomUUID(), 404);

        assertThat(text(problem, "code")).isEqualTo("unknown-delivery");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/deliveries?limit=0", "/deliveries?limit=201", "/deliveries?cursor=mine", "/deliveries/17"})
    void whatIsNoQueryIsABadRequest(String path) throws Exception {
        assertThat(get(path, 400).get("status").intValue()).isEqualTo(400);
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(delivery -> text(delivery, "deliveryId"))
                .toList();
    }

    private static String text(JsonNode node, String property) {
        return node.get(property).stringValue();
    }

    private JsonNode get(String path, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }
}
