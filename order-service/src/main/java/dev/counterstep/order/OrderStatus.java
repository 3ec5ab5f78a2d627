package dev.counterstep.order;

/** Where an order is: it ends once. */
enum OrderStatus {
    /** Accepted; its saga decides. */
    PENDING,
    /** Ended well. */
    COMPLETED,
    /** Ended with everything undone. */
    CANCELLED
}
