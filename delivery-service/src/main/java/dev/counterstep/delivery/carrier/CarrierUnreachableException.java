package dev.counterstep.delivery.carrier;

/** The carrier did not answer: whether it did what was asked is unknown. */
public final class CarrierUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what was not answered, without customer data */
    public CarrierUnreachableException(String message) {
        super(message);
    }
}
