package dev.counterstep.messaging.participant;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;

/**
 * What became of a command. Business refusals are values, not exceptions; whatever a handler throws is
 * {@link OutcomeKind#RETRYABLE}.
 *
 * <p>SUCCEEDED and an action's REJECTED are stored with the inbox row in the handler's transaction and answer every
 * duplicate. RETRYABLE rolls the handler's changes back; nothing of it is remembered. IN_PROGRESS commits the handler's
 * changes but leaves the command open: its next delivery runs the handler again.
 *
 * @param kind the outcome
 * @param reason why, null when there is nothing to say
 * @param data the reply's body, anything Jackson writes as a JSON object
 * @param retryAfter with RETRYABLE, the least time before the next attempt; null leaves it to the orchestrator
 */
public record Outcome(
        OutcomeKind kind,
        @Nullable String reason,
        Object data,
        @Nullable Duration retryAfter) implements CommandResult {

    /** Done, with nothing to tell. */
    public static Outcome succeeded() {
        return succeeded(Map.of());
    }

    /** Done; {@code data} becomes the reply's body and is seen by later steps as {@code steps.<id>}. */
    public static Outcome succeeded(Object data) {
        return new Outcome(OutcomeKind.SUCCEEDED, null, data, null);
    }

    /** A business no: the saga compensates. */
    public static Outcome rejected(String reason) {
        return new Outcome(OutcomeKind.REJECTED, reason, Map.of(), null);
    }

    /** A technical fault: what the handler changed is rolled back, and the orchestrator tries again after its backoff. */
    public static Outcome retryable(String reason) {
        return new Outcome(OutcomeKind.RETRYABLE, reason, Map.of(), null);
    }

    /** A technical fault that will last at least {@code retryAfter}. */
    public static Outcome retryable(String reason, Duration retryAfter) {
        return new Outcome(OutcomeKind.RETRYABLE, reason, Map.of(), retryAfter);
    }

    /** Accepted and still running: the step's deadline starts anew. */
    public static Outcome inProgress(String reason) {
        return new Outcome(OutcomeKind.IN_PROGRESS, reason, Map.of(), null);
    }
}
