package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** What can happen to a saga. {@link SagaStateMachine} has one method for each. */
public sealed interface SagaEvent {

    /**
     * Somebody wants a saga.
     *
     * @param sagaId its id to be
     * @param businessKey what it is about
     * @param input what its steps work on: a JSON object
     * @param origin what it came from
     * @param actor who started it
     * @param messageId the message that did, null when it was a call
     */
    record StartRequested(
            UUID sagaId,
            String businessKey,
            Map<String, Object> input,
            SagaInstance.Origin origin,
            String actor,
            @Nullable String messageId)
            implements SagaEvent {}

    /**
     * A participant answered.
     *
     * @param step the step it answers for
     * @param phase the phase it answers for
     * @param generation the generation it answers for
     * @param attempt the attempt it answers
     * @param outcome what became of the command
     * @param reason why, null when there is nothing to say
     * @param retryAfter with RETRYABLE, the least wait before the next attempt; null leaves it to the backoff
     * @param data the reply's body: a JSON object
     * @param messageId the reply's id
     */
    record ReplyArrived(
            String step,
            Phase phase,
            int generation,
            int attempt,
            Outcome outcome,
            @Nullable String reason,
            @Nullable Duration retryAfter,
            Map<String, Object> data,
            String messageId)
            implements SagaEvent {}

    /** Something of the saga is due. */
    record TimerFired() implements SagaEvent {}

    /**
     * The saga's owner wants it undone.
     *
     * @param actor who asks
     * @param reason why
     * @param messageId the message that asked, null when it was a call
     */
    record CancelRequested(
            String actor, String reason, @Nullable String messageId) implements SagaEvent {}

    /**
     * An operator wants what is stuck tried again.
     *
     * @param actor who asks
     * @param reason why
     */
    record ReplayRequested(String actor, String reason) implements SagaEvent {}

    /**
     * An operator wants a running saga undone.
     *
     * @param actor who asks
     * @param reason why
     */
    record CompensateRequested(String actor, String reason) implements SagaEvent {}

    /**
     * An operator has settled what is stuck by other means: go on without it.
     *
     * @param actor who asks
     * @param reason why
     */
    record SkipRequested(String actor, String reason) implements SagaEvent {}

    /**
     * An operator gives a stuck saga up.
     *
     * @param actor who asks
     * @param reason why
     */
    record AbandonRequested(String actor, String reason) implements SagaEvent {}
}
