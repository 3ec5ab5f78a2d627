package dev.counterstep.messaging;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A participant's answer to a command.
 *
 * @param id {@code ce_id}
 * @param type {@code ce_type}, for example {@code inventory.reserved} or {@code inventory.failed}
 * @param saga the command's saga coordinates, repeated
 * @param outcome what became of the command
 * @param reason why, for every outcome but success; null when there is nothing to say
 * @param retryAfter with {@link OutcomeKind#RETRYABLE}, the least time to wait before the next attempt; null leaves it to the
 *     orchestrator's backoff
 * @param correlationId the command's
 * @param traceparent the command's
 * @param body the reply data, a JSON object, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(
        String id,
        String type,
        SagaHeaders saga,
        OutcomeKind outcome,
        @Nullable String reason,
        @Nullable Duration retryAfter,
        String correlationId,
        @Nullable String traceparent,
        byte[] body) {}
