package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaDefinition;

/**
 * A definition, ready to be run.
 *
 * @param saga the plan
 * @param start what starts a saga of it; null when only a call does
 * @param cancel what cancels a saga of it; null when nothing does
 * @param checksum SHA-256 of the content, lower-case hex: the same for YAML and JSON, whatever the layout, order of fields
 *     and comments
 * @param source as it was given
 * @param example what it makes of its sample data; null when it has none
 */
public record LoadedDefinition(
        SagaDefinition saga,
        @Nullable StartTrigger start,
        @Nullable CancelTrigger cancel,
        String checksum,
        String source,
        @Nullable DefinitionExample example) {}
