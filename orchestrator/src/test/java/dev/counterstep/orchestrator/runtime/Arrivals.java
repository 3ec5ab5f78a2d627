package dev.counterstep.orchestrator.runtime;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.orchestrator.persistence.SagaKey;
import dev.counterstep.orchestrator.runtime.Arrival.Cancel.Candidate;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a test lets arrive at a coordinator. */
final class Arrivals {

    private static final AtomicLong OFFSET = new AtomicLong();

    private Arrivals() {}

    static Arrival.Start start(SagaDefinition definition, String businessKey, Map<String, Object> input) {
        return new Arrival.Start(
                definition,
                new SagaEvent.StartRequested(
                        UUID.randomUUID(),
                        businessKey,
                        input,
                        new Origin(
                                "correlation-" + businessKey,
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                        "client:order-service",
                        "event-" + OFFSET.get()),
                message("order.events"));
    }

    static Arrival.Cancel cancel(SagaDefinition definition, String businessKey) {
        return new Arrival.Cancel(
                List.of(
                        new Candidate(new SagaKey("no-such-definition", businessKey), 1),
                        new Candidate(new SagaKey(definition.name(), businessKey), definition.version())),
                new SagaEvent.CancelRequested("client:order-service", "changed my mind", "cancel-" + OFFSET.get()),
                message("order.events"));
    }

    static Arrival.Reply succeeded(UUID saga, String participant, String step, Phase phase) {
        return reply(saga, participant, step, phase, Outcome.SUCCEEDED, Map.of("by", participant));
    }

    static Arrival.Reply rejected(UUID saga, String participant, String step, Phase phase) {
        return reply(saga, participant, step, phase, Outcome.REJECTED, Map.of());
    }

    static Arrival.Reply reply(
            UUID saga, String participant, String step, Phase phase, Outcome outcome, Map<String, Object> data) {
        return new Arrival.Reply(
                saga,
                new SagaEvent.ReplyArrived(
                        step,
                        phase,
                        1,
                        1,
                        outcome,
                        outcome == Outcome.SUCCEEDED ? null : "not today",
                        null,
                        data,
                        "reply-" + OFFSET.get()),
                message(participant + ".replies"));
    }

    static Arrival.Poison poison() {
        return new Arrival.Poison(
                message("payment.replies"), new PoisonMessageException("undecodable", "the body is not JSON"));
    }

    /** An event on {@code order.events}. */
    static InboundMessage event(String type, String body) {
        long offset = OFFSET.incrementAndGet();
        Map<String, String> headers = Map.of(
                "ce_id",
                "event-" + offset,
                "ce_type",
                type,
                "ce_source",
                "/order-service",
                "ce_subject",
                "order-" + offset,
                "ce_time",
                "2026-01-01T00:00:00Z");
        return new InboundMessage("order.events", 0, offset, "key", headers, body.getBytes(UTF_8));
    }

    static InboundMessage message(String topic) {
        return new InboundMessage(topic, 0, OFFSET.incrementAndGet(), "key", Map.of(), "{}".getBytes(UTF_8));
    }
}
