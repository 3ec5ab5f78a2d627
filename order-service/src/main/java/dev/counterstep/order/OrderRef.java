package dev.counterstep.order;

import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The body of the order commands, as far as they need it.
 *
 * @param orderId the order; anything a saga was started with, so not necessarily one of ours
 * @param reason with {@code order.cancel}, what the customer is told
 */
record OrderRef(String orderId, @Nullable String reason) {

    /** The order's id, empty when it cannot be one of ours. */
    Optional<UUID> id() {
        return OrderIds.parse(orderId);
    }

    String why() {
        return reason == null || reason.isBlank() ? "its saga was undone" : reason;
    }
}
