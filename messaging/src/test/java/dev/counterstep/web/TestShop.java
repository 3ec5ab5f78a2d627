package dev.counterstep.web;

import java.util.List;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A web application with one controller and everything else from auto-configuration. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(TestShop.Orders.class)
class TestShop {

    record Line(@Min(1) int quantity) {}

    record Request(
            @NotBlank String productId,
            @Min(1) int quantity,
            @Valid List<Line> lines) {}

    @RestController
    static class Orders {

        @PostMapping("/orders")
        Map<String, String> place(@Valid @RequestBody Request request) {
            return Map.of("productId", request.productId());
        }

        @PostMapping("/bytes")
        int bytes(@RequestBody byte[] body) {
            return body.length;
        }

        @PostMapping("/any")
        Map<String, Object> any(@RequestBody Map<String, Object> body) {
            return body;
        }

        @GetMapping("/orders")
        Page<String> list(@RequestParam @Min(1) int limit) {
            return new Page<>(List.of("limit " + limit), null);
        }

        @GetMapping("/orders/{id}")
        String one(@PathVariable String id) {
            throw switch (id) {
                case "down" -> new DataAccessResourceFailureException("the password is secret");
                case "broken" -> new IllegalStateException("the password is secret");
                default -> ProblemException.notFound("unknown-order", "There is no order " + id + ".");
            };
        }
    }
}
