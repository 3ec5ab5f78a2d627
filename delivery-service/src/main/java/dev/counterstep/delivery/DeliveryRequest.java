package dev.counterstep.delivery;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import dev.counterstep.messaging.SagaHeaders;

/**
 * The body of {@code delivery.schedule}.
 *
 * @param orderId the order that is delivered, 1-256 characters
 * @param address where to, 1-1024 characters; absent for the address that the carrier has on file
 */
record DeliveryRequest(String orderId, @Nullable String address) {

    private static final int MAX_ORDER_ID = 256;
    private static final int MAX_ADDRESS = 1024;

    DeliveryRequest {
        Assert.isTrue(hasLength(orderId, MAX_ORDER_ID), "orderId has 1-256 characters");
        Assert.isTrue(address == null || hasLength(address, MAX_ADDRESS), "address has 1-1024 characters");
    }

    /**
     * The delivery that this asks for.
     *
     * @param id the delivery's id
     */
    DeliveryTerms intent(UUID id, SagaHeaders saga, Instant now) {
        return DeliveryTerms.of(id, saga, orderId, address, now);
    }

    private static boolean hasLength(String text, int most) {
        return !text.isEmpty() && text.length() <= most;
    }
}
