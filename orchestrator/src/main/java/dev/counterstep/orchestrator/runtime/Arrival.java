package dev.counterstep.orchestrator.runtime;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.InboundMessage;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.persistence.SagaJson;
import dev.counterstep.orchestrator.persistence.SagaKey;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;

/** An event on its way to its saga. */
public sealed interface Arrival {

    /** The message that brought it: what becomes a dead letter when it cannot be handled. Null when it was a call or a timer. */
    default @Nullable InboundMessage message() {
        return null;
    }

    /** Names it for our own log, without its payload. */
    default String description() {
        InboundMessage message = message();
        String kind = getClass().getSimpleName();
        return message == null
                ? kind
                : "%s at %s-%d:%d".formatted(kind, message.topic(), message.partition(), message.offset());
    }

    /**
     * A saga is to be started. The same key and input again is the same saga; the same key with another input is a conflict.
     *
     * @param definition what it runs
     * @param event who starts it, with what
     * @param message the message that asks for it, null when it was a call
     */
    record Start(
            SagaDefinition definition,
            SagaEvent.StartRequested event,
            @Nullable InboundMessage message) implements Arrival {

        /** Takes the input as the database will keep it. */
        public Start {
            event = new SagaEvent.StartRequested(
                    event.sagaId(),
                    event.businessKey(),
                    SagaJson.canonical(event.input()),
                    event.origin(),
                    event.actor(),
                    event.messageId());
        }

        SagaKey key() {
            return new SagaKey(definition.name(), event.businessKey());
        }
    }

    /**
     * A saga is to be undone, at its owner's wish.
     *
     * @param candidates which saga may be meant: the first that exists, and runs that version, is
     * @param event who wants it, and why
     * @param message the message that asks for it
     */
    record Cancel(List<Candidate> candidates, SagaEvent.CancelRequested event, InboundMessage message)
            implements Arrival {

        public Cancel {
            candidates = List.copyOf(candidates);
        }

        /**
         * A saga that may be meant.
         *
         * @param key its key, as its version of the definition reads the event
         * @param version that version
         */
        public record Candidate(SagaKey key, int version) {}
    }

    /**
     * A participant answered.
     *
     * @param sagaId whose step
     * @param event the answer
     * @param message the message that brought it; accepted on the topic of the step's own participant only
     */
    record Reply(UUID sagaId, SagaEvent.ReplyArrived event, InboundMessage message) implements Arrival {

        /** Takes the data as the database will keep it. */
        public Reply {
            event = new SagaEvent.ReplyArrived(
                    event.step(),
                    event.phase(),
                    event.generation(),
                    event.attempt(),
                    event.outcome(),
                    event.reason(),
                    event.retryAfter(),
                    SagaJson.canonical(event.data()),
                    event.messageId());
        }
    }

    /**
     * An operator asks for something.
     *
     * @param sagaId of which saga
     * @param event for what
     * @param expectedVersion the version the operator has seen; null when it does not matter
     */
    record Operation(UUID sagaId, SagaEvent event, @Nullable Long expectedVersion) implements Arrival {}

    /**
     * Something of a saga is due.
     *
     * @param sagaId which saga
     */
    record Timer(UUID sagaId) implements Arrival {}

    /**
     * An event that may be for a definition which only other nodes can read.
     *
     * @param needed the definition
     * @param message the message
     */
    record Unread(DefinitionVersion needed, InboundMessage message) implements Arrival {}

    /**
     * A message that nobody can read.
     *
     * @param message the message
     * @param why what is wrong with it
     */
    record Poison(InboundMessage message, PoisonMessageException why) implements Arrival {}
}
