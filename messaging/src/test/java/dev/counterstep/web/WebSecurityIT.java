package dev.counterstep.web;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.http.HttpMethod.POST;

@ExtendWith(OutputCaptureExtension.class)
class WebSecurityIT {

    private static final Passwords PASSWORDS = new Passwords();

    @Test
    void everythingButHealthAsksForCredentials() {
        try (var shop = start(List.of())) {
            TestCaller nobody = caller(shop);

            assertThat(nobody.get("/actuator/health").statusCode()).isEqualTo(200);
            assertThat(nobody.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(nobody.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            for (String path :
                    List.of("/orders?limit=1", "/nowhere", "/actuator", "/actuator/prometheus", "/v3/api-docs")) {
                HttpResponse<String> refused = nobody.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
                assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            }
            assertThat(nobody.as("viewer", "wrong").get("/orders?limit=1").statusCode())
                    .isEqualTo(401);
            assertThat(nobody.as("stranger", "viewer").get("/orders?limit=1").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void rolesDoWhatTheyMayAndIncludeOneAnother() {
        try (var shop = start(List.of())) {
            TestCaller nobody = caller(shop);
            TestCaller viewer = nobody.as("viewer", "viewer");
            TestCaller operator = nobody.as("operator", "operator");
            TestCaller client = nobody.as("client", "client");

            assertThat(viewer.get("/orders?limit=1").statusCode()).isEqualTo(200);
            assertThat(viewer.get("/actuator/prometheus").statusCode()).isEqualTo(200);
            assertThat(viewer.post("/any", "{}").statusCode()).isEqualTo(403);
            assertThat(operator.get("/orders?limit=1").statusCode()).isEqualTo(200);
            assertThat(operator.post("/any", "{}").statusCode()).isEqualTo(200);
            assertThat(operator.post("/orders", "{}").statusCode()).isEqualTo(403);
            assertThat(client.post("/orders", "{}").statusCode()).isEqualTo(400);
            assertThat(client.get("/orders?limit=1").statusCode()).isEqualTo(403);
            assertThat(client.get("/actuator/prometheus").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void answersSetNoCookieAndCarryTheSecurityHeaders() {
        try (var shop = start(List.of())) {
            HttpResponse<String> answer = caller(shop).as("viewer", "viewer").get("/orders?limit=1");

            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'self'", "frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        }
    }

    @Test
    void openShopStillGuardsItsActuator() {
        try (var shop = start(List.of("counterstep.security.open=true"))) {
            TestCaller nobody = caller(shop);

            assertThat(nobody.get("/orders?limit=1").statusCode()).isEqualTo(200);
            assertThat(nobody.post("/any", "{}").statusCode()).isEqualTo(200);
            assertThat(nobody.get("/actuator/prometheus").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void brokerThatIsAwayShowsAndFailsNothing() {
        try (var shop = start(List.of())) {
            TestCaller viewer = caller(shop).as("viewer", "viewer");

            HttpResponse<String> readiness = viewer.get("/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(200);
            assertThat(TestCaller.json(readiness).at("/status").stringValue()).isEqualTo("UP");
            assertThat(TestCaller.json(readiness).at("/components/kafka/status").stringValue())
                    .isEqualTo("DEGRADED");
            assertThat(caller(shop).get("/actuator/health/readiness").body()).doesNotContain("kafka");
        }
    }

    @Test
    void plainPasswordStopsTheStart() {
        assertThatThrownBy(() -> start(List.of("counterstep.security.users.viewer.password-hash={noop}viewer"))
                        .close())
                .rootCause()
                .hasMessageContaining("must start with {bcrypt}");
    }

    @Test
    void processThatMustNotBeOpenRefusesToStartOpen() {
        assertThatThrownBy(() -> start(List.of("counterstep.security.open=true"), Guarded.class)
                        .close())
                .rootCause()
                .hasMessageContaining("counterstep.security.open");
    }

    @Test
    void withoutUsersAPasswordIsGeneratedAndShownOnce(CapturedOutput output) {
        try (var shop = run(List.of(), TestShop.class)) {
            String password = output.getAll().replaceAll("(?s).*shown only here: (\\S+).*", "$1");

            assertThat(caller(shop).as("admin", password).get("/orders?limit=1").statusCode())
                    .isEqualTo(200);
            assertThat(output.getAll().split(Pattern.quote(password), -1)).hasSize(2);
        }
    }

    /** The shop with rules of its own. */
    static class Ruled extends TestShop {

        @Bean
        AccessRules accessRules() {
            return new AccessRules(
                    requests -> requests.requestMatchers(POST, "/orders").hasRole(Role.CLIENT.name()), true);
        }
    }

    /** A process like the orchestrator. */
    static class Guarded extends TestShop {

        @Bean
        AccessRules accessRules() {
            return new AccessRules(requests -> {}, false);
        }
    }

    private static ConfigurableApplicationContext start(List<String> properties) {
        return start(properties, Ruled.class);
    }

    private static ConfigurableApplicationContext start(List<String> properties, Class<?> application) {
        List<String> all = new ArrayList<>();
        for (Role role : Role.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            all.add("counterstep.security.users.%s.password-hash=%s".formatted(name, PASSWORDS.encode(name)));
            all.add("counterstep.security.users.%s.roles=%s".formatted(name, role));
        }
        all.addAll(properties);
        return run(all, application);
    }

    /** Of a property that is given twice, the last counts. */
    private static ConfigurableApplicationContext run(List<String> properties, Class<?> application) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "server.port", "0",
                "spring.autoconfigure.exclude",
                        "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "spring.kafka.bootstrap-servers", "localhost:1"));
        for (String property : properties) {
            String[] pair = property.split("=", 2);
            all.put(pair[0], pair[1]);
        }
        return new SpringApplicationBuilder(application).properties(all).run();
    }

    private static TestCaller caller(ConfigurableApplicationContext shop) {
        WebServer server = Objects.requireNonNull(((WebServerApplicationContext) shop).getWebServer());
        return new TestCaller(server.getPort());
    }
}
