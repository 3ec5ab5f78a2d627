package dev.counterstep.benchmark.floor;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A message as it arrived. What it says is believed. */
record Arrived(String topic, Map<String, String> headers, String body) {

    static Arrived of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return new Arrived(record.topic(), headers, new String(record.value(), UTF_8));
    }

    String type() {
        return header("ce_type");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    boolean isCompensation() {
        return header("saga-phase").equals("COMPENSATION");
    }

    Messages.Step step() {
        return new Messages.Step(
                header("saga-id"),
                header("correlation-id"),
                header("traceparent"),
                header("saga-step"),
                header("saga-phase"));
    }

    /** A member of the body. */
    String member(String name) {
        return member(body, name);
    }

    /** A member of a flat JSON object that holds no escapes. */
    static String member(String json, String name) {
        int from = json.indexOf("\"" + name + "\":");
        if (from < 0) {
            return "";
        }
        from += name.length() + 3;
        while (json.charAt(from) == ' ') {
            from++;
        }
        if (json.charAt(from) == '"') {
            return json.substring(from + 1, json.indexOf('"', from + 1));
        }
        int to = from;
        while (json.charAt(to) != ',' && json.charAt(to) != '}') {
            to++;
        }
        return json.substring(from, to);
    }
}
