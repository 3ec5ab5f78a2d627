package dev.counterstep.order;

import java.time.Instant;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to an order.
 *
 * @param seq its place in the order's history: the order's version after it
 * @param at when
 * @param status where the order was then
 * @param detail one sentence; null when the status says it all
 */
@Embeddable
record OrderHistoryEntry(
        int seq,
        Instant at,
        @Enumerated(EnumType.STRING) OrderStatus status,
        @Nullable String detail) {}
