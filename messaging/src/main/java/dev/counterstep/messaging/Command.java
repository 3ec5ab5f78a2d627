package dev.counterstep.messaging;

import org.jspecify.annotations.Nullable;

/**
 * A command as it travels from the orchestrator to a participant.
 *
 * @param id {@code ce_id}; from our orchestrator always {@link SagaHeaders#commandId()}
 * @param type {@code ce_type}, for example {@code inventory.reserve}
 * @param saga the saga coordinates
 * @param correlationId links all that one request caused; the business key when the request named none
 * @param traceparent W3C trace context to carry on, null when there is none
 * @param body a JSON object, UTF-8
 */
// An array in a record: identity is the coordinates, and bodies are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Command(
        String id,
        String type,
        SagaHeaders saga,
        String correlationId,
        @Nullable String traceparent,
        byte[] body) {}
