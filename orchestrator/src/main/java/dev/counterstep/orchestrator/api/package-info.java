/**
 * The REST API, {@code /api/v1}: what people and programs see of sagas and definitions, and what operators can ask for. It knows
 * the runtime and what is stored; nothing knows it.
 */
@NullMarked
package dev.counterstep.orchestrator.api;

import org.jspecify.annotations.NullMarked;
