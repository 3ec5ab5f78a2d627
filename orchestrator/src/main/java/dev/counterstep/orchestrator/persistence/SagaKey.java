package dev.counterstep.orchestrator.persistence;

/**
 * By what a saga is found when its id is not known.
 *
 * @param definition the definition's name
 * @param businessKey unique within the definition
 */
public record SagaKey(String definition, String businessKey) {}
