package dev.counterstep.orchestrator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.orchestrator.OrchestratorProperties;
import dev.counterstep.orchestrator.definition.DefinitionRegistry;
import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.definition.UnknownDefinitionException;
import dev.counterstep.orchestrator.persistence.HeldMessageStore.HeldMessage;
import dev.counterstep.orchestrator.persistence.SagaJson;
import dev.counterstep.orchestrator.persistence.SagaKey;
import dev.counterstep.orchestrator.persistence.SagaStore.Locked;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.runtime.Arrival.Cancel.Candidate;
import dev.counterstep.orchestrator.runtime.Handled.Kind;
import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaStateMachine;
import dev.counterstep.orchestrator.saga.StepInstance;

/**
 * The decisions of one transaction, made in memory before anything is written: an arrival that cannot be handled is set aside
 * and leaves no trace in its saga, and the rest goes on. Used by one thread.
 */
final class SagaBatch {

    private static final Logger LOG = LoggerFactory.getLogger(SagaBatch.class);

    /** How long a timer rests that could not be handled. */
    private static final Duration POSTPONED = Duration.ofMinutes(1);

    private final Instant at;
    private final Map<String, Instant> answerableSince;
    private final DefinitionRegistry definitions;
    private final SagaMessages messages;
    private final Map<UUID, SagaWork> sagas = new LinkedHashMap<>();
    private final Map<SagaKey, SagaWork> byKey = new LinkedHashMap<>();
    private final List<OutboundMessage> deadLetters = new ArrayList<>();
    private final List<HeldMessage> held = new ArrayList<>();

    SagaBatch(
            Locked locked,
            Map<String, Instant> answerableSince,
            DefinitionRegistry definitions,
            SagaMessages messages) {
        this.at = locked.at();
        this.answerableSince = answerableSince;
        this.definitions = definitions;
        this.messages = messages;
        for (StoredSaga stored : locked.sagas()) {
            add(SagaWork.on(stored));
        }
    }

    private void add(SagaWork work) {
        SagaInstance saga = work.saga();
        sagas.put(saga.id(), work);
        byKey.put(new SagaKey(saga.definition(), saga.businessKey()), work);
    }

    /**
     * Decides on one arrival.
     *
     * @throws RuntimeException whatever is wrong with an arrival that somebody waits for: a call
     */
    Handled handle(Arrival arrival) {
        try {
            Handled handled = decide(arrival);
            return switch (handled.kind()) {
                case CONFLICT -> unlessCalled(arrival, handled, "conflicting-start");
                case NOT_FOUND -> unlessCalled(arrival, handled, "unknown-saga");
                case DONE, KNOWN, REFUSED, LOST_RACE, SET_ASIDE, LEFT_TO_ANOTHER -> handled;
            };
        } catch (UnknownDefinitionException why) {
            return leave(arrival, Objects.requireNonNull(about(arrival)), why.reason());
        } catch (PoisonMessageException why) {
            return setAside(arrival, why);
        } catch (DataAccessException e) {
            throw e; // not the arrival's fault: everything is tried again
        } catch (RuntimeException e) {
            LOG.error("{} could not be handled", arrival.description(), e);
            return setAside(
                    arrival,
                    new PoisonMessageException(
                            "unhandled", "unexpected " + e.getClass().getName()),
                    e);
        }
    }

    private Handled decide(Arrival arrival) {
        if (arrival instanceof Arrival.Reply reply) {
            return reply(reply);
        }
        if (arrival instanceof Arrival.Start start) {
            return start(start);
        }
        if (arrival instanceof Arrival.Timer timer) {
            return event(sagas.get(timer.sagaId()), new SagaEvent.TimerFired());
        }
        if (arrival instanceof Arrival.Cancel cancel) {
            return cancel(cancel);
        }
        if (arrival instanceof Arrival.Operation operation) {
            return operation(operation);
        }
        if (arrival instanceof Arrival.Unread unread) {
            held.add(new HeldMessage(unread.needed(), unread.message()));
            return Handled.of(Kind.LEFT_TO_ANOTHER, null);
        }
        throw ((Arrival.Poison) arrival).why();
    }

    private Handled start(Arrival.Start start) {
        SagaWork known = byKey.get(start.key());
        if (known != null) {
            UUID id = known.saga().id();
            return SagaJson.isSame(known.saga().input(), start.event().input())
                    ? Handled.of(Kind.KNOWN, id)
                    : new Handled(Kind.CONFLICT, id, "the saga was started before, with another input");
        }
        SagaDefinition definition = start.definition();
        SagaDecision decision = SagaStateMachine.start(definition, start.event(), new Now(at, answerableSince));
        add(SagaWork.starting(decision, messages.commands(definition, decision.next(), decision.commands())));
        return Handled.of(Kind.DONE, decision.next().id());
    }

    private Handled reply(Arrival.Reply reply) {
        SagaWork work = sagas.get(reply.sagaId());
        StepInstance step =
                work == null ? null : work.saga().steps().get(reply.event().step());
        if (step != null) {
            String topic = OrchestratorProperties.replyTopic(step.participant());
            if (!topic.equals(reply.message().topic())) {
                throw new PoisonMessageException(
                        "wrong-topic", "replies for step %s are accepted on %s only".formatted(step.id(), topic));
            }
        }
        return event(work, reply.event());
    }

    private Handled operation(Arrival.Operation operation) {
        SagaWork work = sagas.get(operation.sagaId());
        Long expected = operation.expectedVersion();
        if (work != null && expected != null && expected != work.versionBefore()) {
            return new Handled(Kind.LOST_RACE, operation.sagaId(), "the saga has changed meanwhile");
        }
        return event(work, operation.event());
    }

    private Handled event(@Nullable SagaWork work, SagaEvent event) {
        if (work == null) {
            return new Handled(Kind.NOT_FOUND, null, "there is no such saga");
        }
        SagaDefinition definition = definitions
                .find(work.saga().definition(), work.saga().definitionVersion())
                .saga();
        return work.decide(definition, event, new Now(at, answerableSince), messages);
    }

    private Handled cancel(Arrival.Cancel cancel) {
        SagaWork unknown = null;
        for (Candidate candidate : cancel.candidates()) {
            SagaWork work = byKey.get(candidate.key());
            if (work != null && work.saga().definitionVersion() == candidate.version()) {
                return event(work, cancel.event());
            }
            unknown = work == null || definitions.isLoaded(work.definitionVersion()) ? unknown : work;
        }
        return unknown == null ? event(null, cancel.event()) : leaveUnread(cancel, unknown);
    }

    /** Only its own version of the definition tells whether the event means this saga: read again once that is known. */
    private Handled leaveUnread(Arrival.Cancel cancel, SagaWork work) {
        DefinitionVersion version = work.definitionVersion();
        try {
            definitions.find(version.name(), version.version());
            return leave(cancel, work, "definition %s was not known yet".formatted(version));
        } catch (UnknownDefinitionException why) {
            return leave(cancel, work, why.reason());
        }
    }

    /** Leaves what is about a saga to a node that can read the saga's definition. */
    private Handled leave(Arrival arrival, SagaWork work, String reason) {
        InboundMessage message = arrival.message();
        if (message != null) {
            held.add(new HeldMessage(work.definitionVersion(), message));
        }
        return new Handled(Kind.LEFT_TO_ANOTHER, work.saga().id(), reason);
    }

    /** The saga whose definition was asked for. */
    private @Nullable SagaWork about(Arrival arrival) {
        if (arrival instanceof Arrival.Reply reply) {
            return sagas.get(reply.sagaId());
        }
        if (arrival instanceof Arrival.Timer timer) {
            return sagas.get(timer.sagaId());
        }
        return arrival instanceof Arrival.Operation operation ? sagas.get(operation.sagaId()) : null;
    }

    private Handled unlessCalled(Arrival arrival, Handled handled, String code) {
        return arrival.message() == null
                ? handled
                : setAside(arrival, new PoisonMessageException(code, String.valueOf(handled.reason())));
    }

    private Handled setAside(Arrival arrival, PoisonMessageException why) {
        return setAside(arrival, why, why);
    }

    /** Puts a message to the dead letters and a timer off; a call hears what went wrong. */
    Handled setAside(Arrival arrival, PoisonMessageException why, RuntimeException cause) {
        InboundMessage message = arrival.message();
        if (message != null) {
            deadLetters.add(messages.deadLetter(message, why));
            return new Handled(Kind.SET_ASIDE, null, why.reason());
        }
        SagaWork work = arrival instanceof Arrival.Timer timer ? sagas.get(timer.sagaId()) : null;
        if (work == null) {
            throw cause;
        }
        if (work.saga().state().isActive()) {
            work.postpone(at.plus(POSTPONED));
        }
        return new Handled(Kind.SET_ASIDE, work.saga().id(), why.reason());
    }

    Collection<SagaWork> sagas() {
        return sagas.values();
    }

    List<OutboundMessage> deadLetters() {
        return deadLetters;
    }

    /** What is kept for nodes that can read the definitions it needs. */
    List<HeldMessage> held() {
        return held;
    }

    /** Every message of the batch: commands and events saga by saga, each in order; then the dead letters. */
    List<OutboundMessage> outbound() {
        List<OutboundMessage> outbound = new ArrayList<>();
        for (SagaWork work : sagas.values()) {
            outbound.addAll(work.commands());
            outbound.addAll(messages.events(work.saga(), work.versionBefore() + 1, work.entries()));
        }
        outbound.addAll(deadLetters);
        return outbound;
    }
}
