package dev.counterstep.payment.gateway;

/** The gateway did not answer: whether it did what was asked is unknown. */
public final class GatewayUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what was not answered, without customer data */
    public GatewayUnreachableException(String message) {
        super(message);
    }
}
