package dev.counterstep.web;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(
        classes = TestShop.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "spring.kafka.bootstrap-servers=localhost:1",
            "counterstep.security.open=true"
        })
class ProblemsIT {

    private static final String GOOD = "{\"productId\":\"p\",\"quantity\":1}";

    private TestCaller caller = new TestCaller(0);

    @BeforeEach
    void call(@LocalServerPort int port) {
        caller = new TestCaller(port);
    }

    @Test
    void goodRequestIsServed() {
        assertThat(caller.post("/orders", GOOD).statusCode()).isEqualTo(200);
    }

    @Test
    void everyFieldThatIsWrongHasItsPointer() {
        var response = caller.post(
                "/orders", "{\"productId\":\" \",\"quantity\":0,\"lines\":[{\"quantity\":1},{\"quantity\":-1}]}");

        assertProblem(response, 400, "invalid-request");
        assertThat(errors(response)).containsOnlyKeys("/productId", "/quantity", "/lines/1/quantity");
    }

    @Test
    void illTypedFieldHasItsPointerAndIsNotQuoted() {
        var response = caller.post("/orders", "{\"productId\":\"p\",\"quantity\":\"secret\"}");

        assertProblem(response, 400, "invalid-request");
        assertThat(errors(response)).containsOnlyKeys("/quantity");
        assertThat(response.body()).doesNotContain("secret").doesNotContain("dev.counterstep");
    }

    @Test
    void numberInQuotesIsNoNumber() {
        assertProblem(caller.post("/orders", "{\"productId\":\"p\",\"quantity\":\"1\"}"), 400, "invalid-request");
        assertProblem(caller.post("/orders", "{\"productId\":\"p\",\"quantity\":1.5}"), 400, "invalid-request");
    }

    @Test
    void malformedJsonIsToldWithItsPlace() {
        var response = caller.post("/orders", "{\n  \"productId\": }");

        assertProblem(response, 400, "malformed-json");
        assertThat(TestCaller.json(response).path("detail").stringValue()).contains("line 2");
        assertProblem(caller.post("/orders", ""), 400, "malformed-json");
        assertProblem(caller.post("/any", "{\"a\":1,\"a\":2}"), 400, "malformed-json");
        assertProblem(caller.post("/any", GOOD + GOOD), 400, "malformed-json");
    }

    @Test
    void jsonThatIsTooDeepIsRefused() {
        assertThat(caller.post("/any", "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(caller.post("/any", "{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}"), 400, "malformed-json");
    }

    @Test
    void bodyOverTheLimitIsRefused() {
        String large = "{\"productId\":\"" + "x".repeat(65_536) + "\",\"quantity\":1}";

        assertProblem(caller.post("/orders", large), 413, "body-too-large");
        assertProblem(caller.postChunked("/orders", stream(large)), 413, "body-too-large");
        assertProblem(caller.postChunked("/bytes", stream(large)), 413, "body-too-large");
    }

    @Test
    void bodyAtTheLimitIsServed() {
        assertThat(caller.postChunked("/bytes", stream("x".repeat(65_536))).body())
                .isEqualTo("65536");
    }

    @Test
    void queryParameterThatIsWrongIsNamed() {
        assertThat(errors(caller.get("/orders"))).containsOnlyKeys("/limit");
        assertThat(errors(caller.get("/orders?limit=many"))).containsOnlyKeys("/limit");
        assertThat(errors(caller.get("/orders?limit=0"))).containsOnlyKeys("/limit");
    }

    @Test
    void lastPageHasANullCursor() {
        assertThat(caller.get("/orders?limit=1").body()).isEqualTo("{\"items\":[\"limit 1\"],\"nextCursor\":null}");
    }

    @Test
    void unknownRouteIsAProblem() {
        assertProblem(caller.get("/nowhere"), 404, "unknown-route");
    }

    @Test
    void wrongMethodAndWrongMediaTypeAreProblems() {
        assertProblem(caller.get("/bytes"), 405, "method-not-allowed");
        assertThat(caller.get("/bytes").headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void problemOfAControllerIsToldAsItIs() {
        var response = caller.get("/orders/7");

        assertProblem(response, 404, "unknown-order");
        assertThat(TestCaller.json(response).path("detail").stringValue()).isEqualTo("There is no order 7.");
    }

    @Test
    void ownFaultsAreNotToldInDetail() {
        assertProblem(caller.get("/orders/broken"), 500, "internal-error");
        assertThat(caller.get("/orders/broken").body()).doesNotContain("secret");
        assertProblem(caller.get("/orders/down"), 503, "unavailable");
        assertThat(caller.get("/orders/down").headers().firstValue("Retry-After"))
                .hasValue("1");
        assertThat(caller.get("/orders/down").body()).doesNotContain("secret");
    }

    @Test
    void addressThatTheFirewallRefusesIsAProblem() {
        assertProblem(caller.get("/orders/a;x=1"), 400, "bad-request");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = TestCaller.json(response);
        assertThat(problem.path("code").stringValue()).isEqualTo(code);
        assertThat(problem.path("type").stringValue()).isEqualTo("urn:counterstep:problem:" + code);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
    }

    private static Map<String, String> errors(HttpResponse<String> response) {
        Map<String, String> errors = new TreeMap<>();
        TestCaller.json(response)
                .path("errors")
                .forEach(error -> errors.put(
                        error.path("pointer").stringValue(),
                        error.path("message").stringValue()));
        return errors;
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
