package dev.counterstep.orchestrator.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Event;
import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.MessageCodec;
import dev.counterstep.messaging.MessageHeaders;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.Reply;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.LoadedDefinition;
import dev.counterstep.orchestrator.persistence.SagaKey;
import dev.counterstep.orchestrator.runtime.Arrival;
import dev.counterstep.orchestrator.runtime.Arrival.Cancel.Candidate;
import dev.counterstep.orchestrator.saga.ExpressionException;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance.Origin;
import dev.counterstep.storage.TimeOrderedIds;

/** Makes arrivals of messages. Whatever a message holds, the answer is a list: of what is wrong with it, if need be. */
@Component
class ArrivalReader {

    private static final Logger LOG = LoggerFactory.getLogger(ArrivalReader.class);

    private static final int MOST_REASON_CHARS = 1_000;

    private final MessageCodec codec;
    private final DefinitionRegistry definitions;
    private final Topics topics;
    private final TimeOrderedIds ids;

    ArrivalReader(MessageCodec codec, DefinitionRegistry definitions, Topics topics, TimeOrderedIds ids) {
        this.codec = codec;
        this.definitions = definitions;
        this.topics = topics;
        this.ids = ids;
    }

    /** What a message brings; nothing when it is not for us. */
    List<Arrival> read(InboundMessage message) {
        try {
            return topics.replies().contains(message.topic()) ? List.of(reply(message)) : event(message);
        } catch (PoisonMessageException why) {
            return List.of(new Arrival.Poison(message, why));
        } catch (RuntimeException e) {
            LOG.error("{}-{}:{} could not be read", message.topic(), message.partition(), message.offset(), e);
            return List.of(new Arrival.Poison(
                    message,
                    new PoisonMessageException(
                            "unhandled", "unexpected " + e.getClass().getName())));
        }
    }

    private Arrival reply(InboundMessage message) {
        Reply reply = codec.decodeReply(message);
        SagaEvent.ReplyArrived event = new SagaEvent.ReplyArrived(
                reply.saga().step(),
                Phase.valueOf(reply.saga().phase().name()),
                reply.saga().generation(),
                reply.saga().attempt(),
                Outcome.valueOf(reply.outcome().name()),
                reply.reason(),
                reply.retryAfter(),
                codec.readObject(reply.body()),
                reply.id());
        return new Arrival.Reply(reply.saga().sagaId(), event, message);
    }

    /** An event of a type that no definition names is not for us, whatever else it holds. */
    private List<Arrival> event(InboundMessage message) {
        String type = message.headers().get(MessageHeaders.CE_TYPE);
        List<LoadedDefinition> starts = type == null ? List.of() : definitions.startedBy(message.topic(), type);
        List<LoadedDefinition> cancels = type == null ? List.of() : definitions.cancelledBy(message.topic(), type);
        if (type != null && starts.isEmpty() && cancels.isEmpty()) {
            return unread(type, message);
        }
        Event event = codec.decodeEvent(message);
        Map<String, Object> body = codec.readObject(event.body());
        List<Arrival> arrivals = new ArrayList<>();
        if (!starts.isEmpty()) {
            arrivals.addAll(starts(starts, event, body, message));
        }
        if (!cancels.isEmpty()) {
            arrivals.add(cancel(cancels, event, body, message));
        }
        return arrivals;
    }

    /** What no definition takes that this node can read may be for one that another node can. */
    private List<Arrival> unread(String type, InboundMessage message) {
        return definitions.unreadableNaming(message.topic(), type).stream()
                .<Arrival>map(needed -> new Arrival.Unread(needed, message))
                .toList();
    }

    private List<Arrival> starts(
            List<LoadedDefinition> candidates, Event event, Map<String, Object> body, InboundMessage message) {
        List<Arrival> starts = new ArrayList<>();
        String objection = "the condition of none of them holds";
        for (LoadedDefinition candidate : candidates) {
            var trigger = candidate.start();
            try {
                if (trigger != null && trigger.matches(body)) {
                    starts.add(start(candidate, trigger.businessKey(body), event, body, message));
                }
            } catch (ExpressionException e) {
                objection = e.reason();
            }
        }
        if (starts.isEmpty()) {
            starts.addAll(unread(event.type(), message));
        }
        if (starts.isEmpty()) {
            throw new PoisonMessageException(
                    "no-definition", "no definition takes this %s: %s".formatted(event.type(), objection));
        }
        return starts;
    }

    private Arrival start(
            LoadedDefinition definition,
            String businessKey,
            Event event,
            Map<String, Object> body,
            InboundMessage message) {
        SagaEvent.StartRequested start = new SagaEvent.StartRequested(
                ids.next(),
                businessKey,
                body,
                new Origin(event.correlationId(), event.traceparent()),
                actor(event),
                event.id());
        return new Arrival.Start(definition.saga(), start, message);
    }

    private Arrival cancel(
            List<LoadedDefinition> candidates, Event event, Map<String, Object> body, InboundMessage message) {
        List<Candidate> sagas = new ArrayList<>();
        String objection = "no definition says which saga is meant";
        for (LoadedDefinition candidate : candidates) {
            var trigger = candidate.cancel();
            try {
                if (trigger != null) {
                    SagaKey key = new SagaKey(candidate.saga().name(), trigger.businessKey(body));
                    sagas.add(new Candidate(key, candidate.saga().version()));
                }
            } catch (ExpressionException e) {
                objection = e.reason();
            }
        }
        if (sagas.isEmpty()) {
            throw new PoisonMessageException("no-business-key", objection);
        }
        String reason = body.get("reason") instanceof String text && !text.isBlank() ? text : "cancel requested";
        return new Arrival.Cancel(
                sagas, new SagaEvent.CancelRequested(actor(event), shortened(reason), event.id()), message);
    }

    private static String shortened(String reason) {
        return reason.codePointCount(0, reason.length()) <= MOST_REASON_CHARS
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, MOST_REASON_CHARS));
    }

    private static String actor(Event event) {
        String source = event.source();
        return "client:" + (source.startsWith("/") ? source.substring(1) : source);
    }
}
