package dev.counterstep.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public HTTP of the services, as any client would use it. Safe for use by several threads. */
final class Api {

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final Access access;
    private final String credentials;

    Api(Access access) {
        this.access = access;
        String login = access.of("operator.user") + ":" + access.of("operator.password");
        this.credentials = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    /** Places an order and returns its id. */
    String placeOrder(Map<String, Object> order) throws IOException, InterruptedException {
        HttpRequest request = request(access.of("order.url") + "/orders")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(order)))
                .build();
        return send(request).path("orderId").asString();
    }

    JsonNode order(String orderId) throws IOException, InterruptedException {
        return send(request(access.of("order.url") + "/orders/" + orderId).build());
    }

    /** How much of a product can be ordered. */
    int available(String productId) throws IOException, InterruptedException {
        HttpRequest request =
                request(access.of("inventory.url") + "/inventory/" + productId).build();
        return send(request).path("available").asInt();
    }

    /** Says how much of a product there is. */
    void restock(String productId, int available) throws IOException, InterruptedException {
        HttpRequest request = request(access.of("inventory.url") + "/inventory/" + productId)
                .PUT(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(Map.of("available", available))))
                .build();
        send(request);
    }

    /** The log of an order's saga, oldest entry first. */
    JsonNode sagaLog(String sagaId) throws IOException, InterruptedException {
        HttpRequest request = request(access.of("api.url") + "/sagas/" + sagaId + "/log?limit=200")
                .header("Authorization", credentials)
                .build();
        return send(request).path("items");
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(REQUEST_LIMIT)
                .header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(request.method() + " " + request.uri() + " was answered " + response.statusCode()
                    + ": " + response.body());
        }
        return json.readTree(response.body());
    }
}
