package dev.counterstep.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/** {@code --once}: places the sample orders through public HTTP and prints what became of each, with its saga's log. */
final class SampleRun {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final Set<String> ENDS =
            Set.of("SAGA_COMPLETED", "SAGA_COMPENSATED", "SAGA_STUCK", "SAGA_ABANDONED");

    private final Api api;
    private final Terminal terminal;

    SampleRun(Api api, Terminal terminal) {
        this.api = api;
        this.terminal = terminal;
    }

    /** Returns whether every order ended as it should. */
    boolean run() throws IOException, InterruptedException {
        api.restock("product_1", 100);
        api.restock("product_2", 50);
        api.restock("product_3", 10);
        api.restock("prod_123", 5);
        Map<SampleOrder, String> placed = new LinkedHashMap<>();
        for (SampleOrder sample : SampleOrder.all()) {
            placed.put(sample, api.placeOrder(sample.request()));
        }
        Instant giveUpAt = Instant.now().plus(LIMIT);
        int wrong = 0;
        for (Map.Entry<SampleOrder, String> entry : placed.entrySet()) {
            JsonNode order = awaitEnd(entry.getValue(), giveUpAt);
            if (!show(entry.getKey(), order, awaitLog(order, giveUpAt))) {
                wrong++;
            }
        }
        terminal.say("");
        terminal.say(
                wrong == 0
                        ? "All " + placed.size() + " orders ended as they should."
                        : wrong + " of " + placed.size() + " orders did not end as they should.");
        return wrong == 0;
    }

    private JsonNode awaitEnd(String orderId, Instant giveUpAt) throws IOException, InterruptedException {
        JsonNode order = api.order(orderId);
        while (order.path("status").asString("").equals("PENDING")
                && Instant.now().isBefore(giveUpAt)) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            order = api.order(orderId);
        }
        return order;
    }

    /** The whole log: a saga hears of its order's end only after the order has ended. */
    private JsonNode awaitLog(JsonNode order, Instant giveUpAt) throws IOException, InterruptedException {
        String sagaId = order.path("sagaId").asString("");
        JsonNode log = api.sagaLog(sagaId);
        while (!hasEnded(log) && Instant.now().isBefore(giveUpAt)) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            log = api.sagaLog(sagaId);
        }
        return log;
    }

    private static boolean hasEnded(JsonNode log) {
        return log.valueStream().map(entry -> entry.path("kind").asString("")).anyMatch(ENDS::contains);
    }

    private boolean show(SampleOrder sample, JsonNode order, JsonNode log) {
        String status = order.path("status").asString("");
        String reason = order.path("reason").asString("");
        List<String> missing = new ArrayList<>(sample.undone());
        missing.removeIf(step -> compensated(log, step));
        boolean asExpected = status.equals(sample.status())
                && reason.toLowerCase(Locale.ROOT).contains(sample.reason())
                && missing.isEmpty();

        terminal.say("");
        terminal.say(sample.title() + ": order " + order.path("orderId").asString("") + " " + status
                + (reason.isEmpty() ? "" : " (" + reason + ")"));
        SagaLogText.lines(log).forEach(terminal::say);
        if (!asExpected) {
            terminal.say("  NOT AS EXPECTED: should be " + sample.status()
                    + (sample.reason().isEmpty() ? "" : " with '" + sample.reason() + "' in the reason")
                    + (missing.isEmpty() ? "" : ", and these steps were not undone: " + missing));
        }
        return asExpected;
    }

    private static boolean compensated(JsonNode log, String step) {
        for (JsonNode entry : log) {
            if (entry.path("kind").asString("").equals("REPLY_RECEIVED")
                    && entry.path("phase").asString("").equals("COMPENSATION")
                    && entry.path("step").asString("").equals(step)) {
                return true;
            }
        }
        return false;
    }
}
