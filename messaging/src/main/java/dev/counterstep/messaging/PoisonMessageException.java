package dev.counterstep.messaging;

/**
 * A message that can never be handled, however often it is tried: it belongs on {@code <topic>.dlt}. A handler throws it to
 * declare a command unprocessable; the codec throws it for bytes it cannot accept.
 */
public final class PoisonMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code a stable code in kebab case, for example {@code undecodable} or {@code unknown-type}
     * @param reason one sentence that names the place and the remedy; it ends up in the dead letter's headers and must hold no
     *     payload
     */
    public PoisonMessageException(String code, String reason) {
        super(reason);
        this.code = code;
    }

    /** The stable code. */
    public String code() {
        return code;
    }

    /** The sentence that explains it. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
