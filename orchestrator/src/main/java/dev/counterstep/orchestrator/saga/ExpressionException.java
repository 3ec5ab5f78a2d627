package dev.counterstep.orchestrator.saga;

/** An expression of a definition has no value for a saga's data: a field is missing, or of another type than expected. */
public final class ExpressionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An expression that has no value.
     *
     * @param message names the expression and what is wrong with it; holds no payload
     */
    public ExpressionException(String message) {
        super(message);
    }

    /** The sentence that explains it. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
