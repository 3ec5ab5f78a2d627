package dev.counterstep.orchestrator.saga;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A command to send.
 *
 * @param participant who is to do it
 * @param type the command, for example {@code inventory.reserve}
 * @param coordinates step, phase, generation and attempt
 * @param key the message key: the same for a step's action and compensation, so that they keep their order
 * @param payload the body: a JSON object; a compensation's has the {@code reason} why the saga is undone
 * @param expiresAt after this instant the participant must not start it any more; null when it never expires
 */
public record StepCommand(
        String participant,
        String type,
        SagaLogEntry.Coordinates coordinates,
        String key,
        Map<String, Object> payload,
        @Nullable Instant expiresAt) {}
