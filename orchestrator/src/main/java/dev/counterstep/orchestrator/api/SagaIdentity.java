package dev.counterstep.orchestrator.api;

import java.util.UUID;

import dev.counterstep.web.ProblemException;

/** Reads the ids of sagas. */
final class SagaIdentity {

    private static final int CHARACTERS = 36;

    private SagaIdentity() {}

    /** @throws ProblemException 404 when no saga can have such an id */
    static UUID of(String text) {
        if (text.length() == CHARACTERS) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException noId) {
                throw unknown(text);
            }
        }
        throw unknown(text);
    }

    static ProblemException unknown(String id) {
        String shown = id.length() <= CHARACTERS ? id : id.substring(0, CHARACTERS) + "…";
        return ProblemException.notFound("unknown-saga", "There is no saga '%s'.".formatted(shown));
    }
}
