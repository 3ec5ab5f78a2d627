package dev.counterstep.order;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as a client sees it: HTTP and JSON. */
final class OrderClient {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;

    OrderClient(int port) {
        this.base = "http://localhost:" + port;
    }

    /** An answer: its status, where it points to, and its body. */
    record Answer(int status, String location, JsonNode body) {

        private static Answer of(HttpResponse<String> response) {
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Location").orElse(""),
                    JSON.readTree(response.body()));
        }

        String text(String field) {
            return body.path(field).asString("");
        }
    }

    /** The body of an order; {@code fields} are names and values that replace its own. */
    static String order(Object... fields) {
        var order = JSON.createObjectNode()
                .put("customerId", "user_1")
                .put("productId", "product_1")
                .put("quantity", 1)
                .put("amount", new BigDecimal("10.00"));
        for (int i = 0; i < fields.length; i += 2) {
            order.putPOJO(fields[i].toString(), fields[i + 1]);
        }
        return order.toString();
    }

    Answer get(String path) throws IOException, InterruptedException {
        return Answer.of(HTTP.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
    }

    /** A field of every item of a list, page by page. */
    List<String> all(String path, String field) throws IOException, InterruptedException {
        var values = new ArrayList<String>();
        var page = get(path).body();
        page.path("items").forEach(item -> values.add(item.path(field).asString("")));
        while (!page.path("nextCursor").isNull()) {
            page = get(path + "&cursor=" + page.path("nextCursor").asString("")).body();
            page.path("items").forEach(item -> values.add(item.path(field).asString("")));
        }
        return values;
    }

    /** @param headers name, value, name, value ... */
    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return Answer.of(HTTP.send(posting(path, body, headers), HttpResponse.BodyHandlers.ofString()));
    }

    CompletableFuture<Answer> postLater(String path, String body, String... headers) {
        return HTTP.sendAsync(posting(path, body, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(Answer::of);
    }

    /** Places an order and returns its id. */
    String placed(String body) throws IOException, InterruptedException {
        return post("/orders", body).text("orderId");
    }

    private HttpRequest posting(String path, String body, String... headers) {
        var request = request(path).header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }
}
