package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.StepKind;

/**
 * A step as far as it could be read without regard to the others.
 *
 * @param fields its fields
 * @param group the 0-based place of its group
 * @param id null when it has no valid one
 * @param kind what it says, or the default; null when it is not valid
 */
record StepSource(
        Fields fields,
        int group,
        @Nullable String id,
        @Nullable StepKind kind) {

    boolean hasAction() {
        return fields.has("action");
    }

    Element element() {
        return fields.owner();
    }

    /** What to call it in a sentence. */
    String name() {
        return id == null ? "this step" : "step " + Words.quoted(id);
    }
}
