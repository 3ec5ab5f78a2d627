package dev.counterstep.benchmark.floor;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes messages with the headers of the wire protocol, all those of one batch at one time. */
final class Messages {

    private static final String DEFINITION = "order-core:1";
    private static final int TIMEOUT_SECONDS = 30;

    private final String source;
    private final String time;
    private final String expiresAt;

    Messages(String source, Instant now) {
        this.source = source;
        this.time = now.toString();
        this.expiresAt =
                now.plusSeconds(TIMEOUT_SECONDS).truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** The coordinates of a saga's step. */
    record Step(String sagaId, String orderId, String traceparent, String step, String phase) {

        String key() {
            return sagaId + ":" + step + ":" + phase + ":1";
        }
    }

    Message command(Step to, String type, String participant, String key, String body) {
        List<String> headers = saga(to, to.key(), type, participant);
        return new Message(participant + ".commands", key, headers, body);
    }

    Message reply(Step from, String type, String participant, @Nullable String refusal, String body) {
        List<String> headers =
                saga(from, UUID.nameUUIDFromBytes(from.key().getBytes(UTF_8)).toString(), type, participant);
        headers.add("saga-outcome");
        headers.add(refusal == null ? "SUCCEEDED" : "REJECTED");
        if (refusal != null) {
            headers.add("saga-reason");
            headers.add(refusal);
        }
        return new Message(participant + ".replies", from.sagaId(), headers, body);
    }

    Message event(String topic, String type, String key, String subject, Step about, String body) {
        return new Message(topic, key, cloudEvent(subject + ":" + type, type, subject, about), body);
    }

    private List<String> saga(Step step, String id, String type, String participant) {
        List<String> headers = cloudEvent(id, type, step.sagaId(), step);
        headers.addAll(List.of("saga-id", step.sagaId(), "saga-definition", DEFINITION, "saga-step", step.step()));
        headers.addAll(List.of("saga-phase", step.phase(), "saga-generation", "1", "saga-attempt", "1"));
        headers.addAll(List.of("saga-expires-at", expiresAt, "saga-reply-to", participant + ".replies"));
        return headers;
    }

    private List<String> cloudEvent(String id, String type, String subject, Step about) {
        List<String> headers = new ArrayList<>(40);
        headers.addAll(List.of("ce_specversion", "1.0", "ce_id", id, "ce_type", type, "ce_source", source));
        headers.addAll(List.of("ce_time", time, "ce_subject", subject, "content-type", "application/json"));
        headers.addAll(List.of("correlation-id", about.orderId(), "traceparent", about.traceparent()));
        return headers;
    }
}
