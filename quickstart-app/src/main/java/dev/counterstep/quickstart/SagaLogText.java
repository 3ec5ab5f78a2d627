package dev.counterstep.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

/** A saga's log for reading: one line an entry, with the time since the first. */
final class SagaLogText {

    private SagaLogText() {}

    static List<String> lines(JsonNode entries) {
        List<String> lines = new ArrayList<>();
        Instant start = null;
        for (JsonNode entry : entries) {
            Instant at = Instant.parse(entry.path("at").asString());
            start = start == null ? at : start;
            lines.add(line(Duration.between(start, at), entry));
        }
        return lines;
    }

    private static String line(Duration sinceStart, JsonNode entry) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "  %8.3f s  %-20s",
                sinceStart.toMillis() / 1000.0,
                entry.path("kind").asString("")));
        append(text, entry, "step");
        append(text, entry, "phase");
        if (entry.path("attempt").asInt(0) > 1) {
            text.append("  attempt ").append(entry.path("attempt").asInt());
        }
        JsonNode detail = entry.path("detail");
        append(text, detail, "outcome");
        append(text, detail, "reason");
        return text.toString().stripTrailing();
    }

    private static void append(StringBuilder text, JsonNode node, String field) {
        String value = node.path(field).asString("");
        if (!value.isEmpty()) {
            text.append("  ").append(value);
        }
    }
}
