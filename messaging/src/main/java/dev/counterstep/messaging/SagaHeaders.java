package dev.counterstep.messaging;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The saga coordinates that travel on every command and come back on its reply.
 *
 * @param sagaId the saga
 * @param definition the saga definition and its version, {@code name:version}
 * @param step the step's id within the definition
 * @param phase action or compensation
 * @param generation 1-based; grows each time an operator replays the step
 * @param attempt 1-based; grows each time the same command is sent again
 * @param expiresAt after this instant an action must no longer be started; null when it never expires
 * @param replyTo the topic the reply goes to; null means the participant's own {@code <participant>.replies}
 */
public record SagaHeaders(
        UUID sagaId,
        String definition,
        String step,
        Phase phase,
        int generation,
        int attempt,
        @Nullable Instant expiresAt,
        @Nullable String replyTo) {

    public SagaHeaders {
        if (generation < 1 || attempt < 1) {
            throw new IllegalArgumentException(
                    "generation and attempt are 1-based, were %d and %d".formatted(generation, attempt));
        }
    }

    /** The identity of the command: the same for each attempt, so that a repeated command can be known as such. */
    public String commandId() {
        return sagaId + ":" + step + ":" + phase + ":" + generation;
    }

    /** The key under which an external system must make the step's effect happen once: {@code <saga>:<step>:<generation>}. */
    public String idempotencyKey() {
        return sagaId + ":" + step + ":" + generation;
    }
}
