package dev.counterstep.delivery.carrier;

import org.jspecify.annotations.Nullable;

/**
 * A parcel to be brought.
 *
 * @param key the idempotency key: whatever happens, one key is booked once
 * @param address where to; null means the address that the carrier has on file
 */
public record BookingRequest(String key, @Nullable String address) {}
