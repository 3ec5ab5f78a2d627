package dev.counterstep.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/** {@code --once}: places the sample orders through public HTTP and prints what became of each, with its saga's log. */
final class SampleRun {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

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
            if (!show(entry.getKey(), awaitEnd(entry.getValue(), giveUpAt))) {
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

    private boolean show(SampleOrder sample, JsonNode order) throws IOException, InterruptedException {
        String status = order.path("status").asString("");
        String reason = order.path("reason").asString("");
        JsonNode log = api.sagaLog(order.path("sagaId").asString(""));
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
