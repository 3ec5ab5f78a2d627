package dev.counterstep.orchestrator.api;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.counterstep.web.FieldError;
import dev.counterstep.web.ProblemException;

/**
 * What an operator's request takes.
 *
 * @param reason why; it goes into the saga's log
 */
record OperationRequest(@Nullable String reason) {

    /** The longest reason, in characters. */
    static final int MOST_CHARACTERS = 1000;

    /** @throws ProblemException 400 when there is none, or it is too long */
    String requiredReason() {
        if (reason == null || reason.isBlank()) {
            throw ProblemException.invalid(
                    List.of(new FieldError("/reason", "A reason is required: it goes into the saga's log.")));
        }
        if (reason.length() > MOST_CHARACTERS || reason.indexOf('\0') >= 0) {
            throw ProblemException.invalid(List.of(new FieldError(
                    "/reason",
                    "A reason is a text of at most %d characters, without \\u0000.".formatted(MOST_CHARACTERS))));
        }
        return reason.strip();
    }
}
