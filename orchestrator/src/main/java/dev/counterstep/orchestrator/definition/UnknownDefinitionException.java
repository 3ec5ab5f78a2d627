package dev.counterstep.orchestrator.definition;

/** Neither this node nor the database has such a definition, or this node cannot read it. */
public final class UnknownDefinitionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownDefinitionException(String message) {
        super(message);
    }

    UnknownDefinitionException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The sentence that explains it. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
