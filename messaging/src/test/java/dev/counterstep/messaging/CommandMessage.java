package dev.counterstep.messaging;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A command as any Kafka client would write it: names and values spelt out, nothing shared with the code under test.
 *
 * @param sagaId the saga; also the record's key
 * @param type {@code ce_type}
 * @param phase {@code ACTION} or {@code COMPENSATION}
 * @param generation from 1
 * @param attempt from 1
 * @param expiresAt null for never
 * @param body a JSON object
 */
public record CommandMessage(
        UUID sagaId,
        String type,
        String phase,
        int generation,
        int attempt,
        @Nullable Instant expiresAt,
        String body) {

    static final String STEP = "sample-step";
    static final String CORRELATION_ID = "sample-correlation";
    static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static CommandMessage action(UUID sagaId, String type, String body) {
        return new CommandMessage(sagaId, type, "ACTION", 1, 1, null, body);
    }

    public static CommandMessage compensation(UUID sagaId, String type, String body) {
        return new CommandMessage(sagaId, type, "COMPENSATION", 1, 1, null, body);
    }

    public CommandMessage attempt(int number) {
        return new CommandMessage(sagaId, type, phase, generation, number, expiresAt, body);
    }

    public CommandMessage generation(int number) {
        return new CommandMessage(sagaId, type, phase, number, attempt, expiresAt, body);
    }

    public CommandMessage expiresAt(Instant instant) {
        return new CommandMessage(sagaId, type, phase, generation, attempt, instant, body);
    }

    public CommandMessage type(String other) {
        return new CommandMessage(sagaId, other, phase, generation, attempt, expiresAt, body);
    }

    /** The headers of the wire protocol. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", "%s:%s:%s:%d".formatted(sagaId, STEP, phase, generation));
        headers.put("ce_type", type);
        headers.put("ce_source", "/by-hand");
        headers.put("ce_time", "2026-01-31T12:00:00Z");
        headers.put("ce_subject", sagaId.toString());
        headers.put("content-type", "application/json");
        headers.put("traceparent", TRACEPARENT);
        headers.put("correlation-id", CORRELATION_ID);
        headers.put("saga-id", sagaId.toString());
        headers.put("saga-definition", "sample:1");
        headers.put("saga-step", STEP);
        headers.put("saga-phase", phase);
        headers.put("saga-generation", Integer.toString(generation));
        headers.put("saga-attempt", Integer.toString(attempt));
        if (expiresAt != null) {
            headers.put("saga-expires-at", expiresAt.toString());
        }
        return headers;
    }
}
