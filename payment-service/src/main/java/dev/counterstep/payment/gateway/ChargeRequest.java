package dev.counterstep.payment.gateway;

import org.jspecify.annotations.Nullable;

/**
 * A charge to be made.
 *
 * @param key the idempotency key: whatever happens, one key is charged once
 * @param money how much
 * @param method how the customer pays, null for the gateway's default
 */
public record ChargeRequest(
        String key, Money money, @Nullable String method) {}
