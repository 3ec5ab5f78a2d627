package dev.counterstep.orchestrator.api;

import java.util.Map;

/**
 * What {@code POST /sagas} takes.
 *
 * @param definition the definition's name; its latest version is run
 * @param businessKey what the saga is about, unique within the definition, 1 to 256 characters
 * @param input what its steps work on
 */
record StartRequest(String definition, String businessKey, Map<String, Object> input) {}
