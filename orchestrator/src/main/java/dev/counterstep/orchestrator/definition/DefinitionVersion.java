package dev.counterstep.orchestrator.definition;

/**
 * What a saga is pinned to.
 *
 * @param name the definition's name
 * @param version 1-based
 */
public record DefinitionVersion(String name, int version) {

    /** Both as one word, {@code name:version}. */
    @Override
    public String toString() {
        return name + ":" + version;
    }
}
