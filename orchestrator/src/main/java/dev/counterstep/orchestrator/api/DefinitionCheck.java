package dev.counterstep.orchestrator.api;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a valid definition would mean if it were stored.
 *
 * @param name the definition's name
 * @param version its version
 * @param checksum SHA-256 of its content
 * @param stored whether exactly this is stored already
 * @param inFlight the older versions of this definition that still carry sagas
 * @param warnings what is valid and hardly meant, each in one sentence
 * @param mermaid the steps as a Mermaid flowchart
 * @param commands what would be sent for its example; absent when it has none
 */
record DefinitionCheck(
        String name,
        int version,
        String checksum,
        boolean stored,
        List<Carried> inFlight,
        List<String> warnings,
        String mermaid,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ExampleCommand> commands) {

    /**
     * Sagas that have not ended.
     *
     * @param version the version they run
     * @param sagas how many there are
     */
    record Carried(int version, long sagas) {}
}
