package dev.counterstep.order;

import java.util.UUID;

/** Told inside the process, once the order's end is committed. */
record OrderEnded(UUID orderId) {}
