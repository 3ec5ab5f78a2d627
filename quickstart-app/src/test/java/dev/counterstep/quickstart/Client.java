package dev.counterstep.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Speaks the public HTTP as any customer or operator would. */
final class Client {

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(40);
    private static final Duration ORDER_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();
    private final Properties connection;

    private Client(Properties connection) {
        this.connection = connection;
    }

    /** A client of what runs on this data, by its {@code connection.properties}. */
    static Client of(Path dataDir) {
        return new Client(connection(dataDir));
    }

    /** A client by properties of the same names; with {@code client.user} and {@code client.password} where the storefront asks. */
    static Client of(Properties connection) {
        return new Client(connection);
    }

    /** What {@code connection.properties} says. */
    static Properties connection(Path dataDir) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(dataDir.resolve("connection.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /** An answer: its status and its JSON body. */
    record Answer(int status, JsonNode body, HttpResponse<String> response) {}

    /** The body of an order of one customer. */
    static Map<String, Object> order(String customer, String product, int quantity) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("customerId", customer);
        order.put("productId", product);
        order.put("quantity", quantity);
        order.put("amount", 19.99);
        return order;
    }

    Answer post(Map<String, Object> order, String... headers) {
        HttpRequest.Builder request = request(url("order.url") + "/orders")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(order)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Places an order, which must be accepted, and returns its id. */
    String place(Map<String, Object> order) {
        Answer answer = post(order);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        return answer.body().path("orderId").asString();
    }

    /** Asks for an order to be cancelled, which must be accepted. */
    void cancel(String orderId) {
        Answer answer = send(request(url("order.url") + "/orders/" + orderId + "/cancel")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
    }

    /** The order once it is no longer PENDING. */
    JsonNode ended(String orderId) {
        return await("end of order " + orderId)
                .atMost(ORDER_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(
                        () -> order(orderId),
                        order -> !order.path("status").asString().equals("PENDING"));
    }

    JsonNode order(String orderId) {
        return get(url("order.url") + "/orders/" + orderId);
    }

    JsonNode stock(String product) {
        return get(url("inventory.url") + "/inventory/" + product);
    }

    int available(String product) {
        return stock(product).path("available").asInt();
    }

    void restock(String product, int available) {
        Answer answer = send(request(url("inventory.url") + "/inventory/" + product)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"available\": " + available + "}"))
                .build());
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }

    /** The statuses of an order's payments. */
    List<String> payments(String orderId) {
        return texts(get(url("payment.url") + "/payments?orderId=" + orderId).path("items"), "status");
    }

    /** The statuses of an order's deliveries. */
    List<String> deliveries(String orderId) {
        return texts(get(url("delivery.url") + "/deliveries?orderId=" + orderId).path("items"), "status");
    }

    /** Whether no order is PENDING and no saga on its way any more. */
    boolean isAllEnded() {
        return get(url("order.url") + "/orders?status=PENDING&limit=1")
                        .path("items")
                        .isEmpty()
                && api("/sagas?status=RUNNING&limit=1").path("items").isEmpty()
                && api("/sagas?status=COMPENSATING&limit=1").path("items").isEmpty();
    }

    /** The status of every order, by its id. */
    Map<String, String> orderStatuses() {
        Map<String, String> statuses = new HashMap<>();
        for (JsonNode order : all(url("order.url") + "/orders")) {
            statuses.put(order.path("orderId").asString(), order.path("status").asString());
        }
        return statuses;
    }

    /** The statuses of all payments, by order. */
    Map<String, List<String>> paymentStatuses() {
        return statusesByOrder(url("payment.url") + "/payments");
    }

    /** The statuses of all deliveries, by order. */
    Map<String, List<String>> deliveryStatuses() {
        return statusesByOrder(url("delivery.url") + "/deliveries");
    }

    /** The order's saga once it has ended. */
    JsonNode endedSaga(String orderId) {
        return await("end of the saga of order " + orderId)
                .atMost(ORDER_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(() -> saga(orderId), saga -> !saga.path("endedAt").isNull());
    }

    JsonNode saga(String orderId) {
        return api("/sagas?businessKey=" + orderId).path("items").path(0);
    }

    /** The saga's log, oldest first, each entry as {@code "KIND step PHASE"} without what it does not have. */
    List<String> log(String orderId) {
        JsonNode items = api("/sagas/" + endedSaga(orderId).path("id").asString() + "/log?limit=200")
                .path("items");
        List<String> entries = new ArrayList<>();
        for (JsonNode item : items) {
            entries.add((item.path("kind").asString("") + " "
                            + item.path("step").asString("") + " "
                            + item.path("phase").asString(""))
                    .strip());
        }
        return entries;
    }

    /** What the orchestrator's API answers to the operator. */
    JsonNode api(String path) {
        Answer answer = send(request(url("api.url") + path)
                .setHeader("Authorization", basic(url("operator.user"), url("operator.password")))
                .build());
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    /** A request without credentials. */
    Answer anonymously(String path) {
        return send(HttpRequest.newBuilder(URI.create(url("api.url") + path)).build());
    }

    /** The header's value by which a user proves who it is. */
    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private String url(String name) {
        return connection.getProperty(name);
    }

    private JsonNode get(String url) {
        Answer answer = send(request(url).build());
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private Map<String, List<String>> statusesByOrder(String url) {
        Map<String, List<String>> statuses = new HashMap<>();
        for (JsonNode item : all(url)) {
            statuses.computeIfAbsent(item.path("orderId").asString(), id -> new ArrayList<>())
                    .add(item.path("status").asString());
        }
        return statuses;
    }

    /** The items of all pages. */
    private List<JsonNode> all(String url) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(url + "?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.path("items").forEach(items::add);
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        return items;
    }

    private HttpRequest.Builder request(String url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(REQUEST_LIMIT)
                .header("Content-Type", "application/json");
        if (connection.containsKey("client.user")) {
            request.header("Authorization", basic(url("client.user"), url("client.password")));
        }
        return request;
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            String body = response.body();
            return new Answer(response.statusCode(), json.readTree(body.isEmpty() ? "null" : body), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(JsonNode items, String field) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add(item.path(field).asString()));
        return texts;
    }
}
