package dev.counterstep.orchestrator.definition;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a definition's source.
 *
 * @param line 1-based
 * @param column 1-based
 * @param pointer the JSON pointer to the value that is wrong; empty for the source as a whole
 * @param message what is wrong, without a full stop
 * @param meant what was probably meant; null when there is no good guess
 */
public record DefinitionProblem(
        int line,
        int column,
        String pointer,
        String message,
        @Nullable String meant) {

    /** The message and the guess as one sentence. */
    public String sentence() {
        return meant == null ? message : message + "; did you mean " + meant + "?";
    }

    @Override
    public String toString() {
        return "line %d, column %d: %s".formatted(line, column, sentence());
    }
}
