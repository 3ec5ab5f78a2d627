package dev.counterstep.messaging.participant;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;

/**
 * What a command is answered, apart from whom: the part of a reply that an inbox row keeps.
 *
 * @param outcome the outcome; only SUCCEEDED and an action's REJECTED are ever stored
 * @param type {@code ce_type} of the reply
 * @param reason one sentence, null when there is nothing to say
 * @param retryAfter with RETRYABLE, the least wait; null leaves it to the orchestrator. Never stored.
 * @param body a JSON object, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are never compared
record Answer(
        OutcomeKind outcome,
        String type,
        @Nullable String reason,
        @Nullable Duration retryAfter,
        byte[] body) {}
