package dev.counterstep.orchestrator.api;

/**
 * A version of a definition, in a list.
 *
 * @param name the definition's name
 * @param version its version
 * @param checksum SHA-256 of its content
 * @param latest whether new sagas run this version
 * @param inFlight how many sagas of this version have not ended
 */
record DefinitionSummary(String name, int version, String checksum, boolean latest, long inFlight) {}
