package dev.counterstep.payment;

import java.io.IOException;
import java.math.BigDecimal;
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

import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.Money;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;

@PaymentServiceTest
class PaymentApiIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String order = "order-" + UUID.randomUUID();
    private final List<String> newestFirst = new ArrayList<>();

    @LocalServerPort
    int port;

    @Autowired
    PaymentStore payments;

    @Autowired
    TimeOrderedIds ids;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    Clock clock;

    @BeforeEach
    void threePaymentsOfOneOrderAndOneOfAnother() {
        transactions.executeWithoutResult(status -> {
            for (String orderId : List.of(order, order, order, "order-" + UUID.randomUUID())) {
                var saga = new SagaHeaders(UUID.randomUUID(), "test:1", "pay", Phase.ACTION, 1, 1, null, null);
                var price = new Money(new BigDecimal("12.50"), "EUR");
                var terms = PaymentTerms.of(ids.next(), saga, orderId, price, null, clock.instant());
                payments.insert(List.of(terms));
                charged(saga.idempotencyKey());
                newestFirst.add(0, terms.id().toString());
            }
        });
        newestFirst.remove(0);
    }

    private void charged(String key) {
        Collection<Payment> locked = payments.lock(List.of(key)).values();
        locked.forEach(payment -> payment.chargeEnded(new Charge(key, Charge.Status.CHARGED, "ch_1"), clock.instant()));
        payments.update(locked);
    }

    @Test
    void paymentsOfAnOrderPageByCursor() throws Exception {
        JsonNode first = get("/payments?limit=2&orderId=" + order, 200);
        JsonNode second = get("/payments?limit=2&orderId=" + order + "&cursor=" + text(first, "nextCursor"), 200);

        List<String> seen = new ArrayList<>(ids(first));
        seen.addAll(ids(second));
        assertThat(ids(first)).hasSize(2);
        assertThat(seen).isEqualTo(newestFirst);
        assertThat(second.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void allPaymentsPageByCursor() throws Exception {
        JsonNode first = get("/payments?limit=1", 200);
        JsonNode second = get("/payments?limit=1&cursor=" + text(first, "nextCursor"), 200);

        assertThat(ids(first)).hasSize(1).doesNotContainAnyElementsOf(ids(second));
        assertThat(ids(second)).hasSize(1);
    }

    @Test
    void paymentShowsWhatBecameOfIt() throws Exception {
        JsonNode payment = get("/payments/" + newestFirst.get(0), 200);

        assertThat(text(payment, "paymentId")).isEqualTo(newestFirst.get(0));
        assertThat(text(payment, "orderId")).isEqualTo(order);
        assertThat(payment.get("amount").decimalValue()).isEqualByComparingTo("12.50");
        assertThat(text(payment, "currency")).isEqualTo("EUR");
        assertThat(text(payment, "status")).isEqualTo("COMPLETED");
        assertThat(text(payment, "reference")).isEqualTo("ch_1");
        assertThat(payment.get("reason").isNull()).isTrue();
        assertThat(text(payment, "createdAt")).endsWith("Z");
    }

    @Test
    void unknownPaymentIsNotFound() throws Exception {
        JsonNode problem = get("/payments/" + UUID.randomUUID(), 404);

        assertThat(text(problem, "code")).isEqualTo("unknown-payment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/payments?limit=0", "/payments?limit=201", "/payments?cursor=mine", "/payments/17"})
    void whatIsNoQueryIsABadRequest(String path) throws Exception {
        assertThat(get(path, 400).get("status").intValue()).isEqualTo(400);
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(payment -> text(payment, "paymentId"))
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
