package dev.counterstep.delivery;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What replies tell of a delivery.
 *
 * @param deliveryId the delivery
 * @param trackingNumber the carrier's name for the parcel; null when it was cancelled before it had one
 */
record DeliveryData(UUID deliveryId, @Nullable String trackingNumber) {}
