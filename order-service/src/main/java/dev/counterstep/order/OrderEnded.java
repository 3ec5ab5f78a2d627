package dev.counterstep.order;

import java.util.UUID;

/**
 * An order has ended. Published inside the process, in the transaction that ends it: a transactional listener hears of it once
 * that is committed.
 *
 * @param orderId the order
 */
public record OrderEnded(UUID orderId) {}
