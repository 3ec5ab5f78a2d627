package dev.counterstep.orchestrator.definition;

/** The version of a definition is stored already, with other content: versions never change. */
public final class DefinitionConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DefinitionConflictException(String reference) {
        super(reference + " is stored with other content, and a version never changes: give the change a new version");
    }

    /** The sentence that explains it. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
