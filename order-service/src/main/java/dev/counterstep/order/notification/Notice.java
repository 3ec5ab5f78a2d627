package dev.counterstep.order.notification;

import java.util.UUID;

/**
 * What a customer is to be told: the body of a notification message.
 *
 * @param orderId the order it is about
 * @param customerId who is told
 * @param priority how urgent it is
 * @param text what is said
 */
public record Notice(UUID orderId, String customerId, Priority priority, String text) {

    private static final int MAX_CUSTOMER_ID = 128;
    private static final int MAX_TEXT = 4096;

    /** A text that is too long is cut. */
    public Notice {
        text = text.substring(0, Math.min(text.length(), MAX_TEXT));
    }

    /** False when the database would refuse it: it was not written by us. */
    boolean isDeliverable() {
        return !customerId.isEmpty() && customerId.length() <= MAX_CUSTOMER_ID && !text.isEmpty();
    }
}
