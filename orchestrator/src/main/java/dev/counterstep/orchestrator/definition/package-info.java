/**
 * Saga definitions: reads them from YAML or JSON, says everything that is wrong with them and where, and keeps every version
 * for as long as a saga may need it. The front door is
 * {@link dev.counterstep.orchestrator.definition.DefinitionRegistry}.
 */
@NullMarked
package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.NullMarked;
