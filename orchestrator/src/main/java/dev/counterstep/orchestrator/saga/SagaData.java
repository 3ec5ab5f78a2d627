package dev.counterstep.orchestrator.saga;

import java.util.Map;
import java.util.UUID;

/**
 * What a definition's expressions see.
 *
 * @param sagaId the saga
 * @param definition the definition's name
 * @param businessKey the saga's business key
 * @param input what the saga was started with: a JSON object
 * @param replies by step id, what each succeeded step answered: a JSON object each
 */
public record SagaData(
        UUID sagaId,
        String definition,
        String businessKey,
        Map<String, Object> input,
        Map<String, Map<String, Object>> replies) {}
