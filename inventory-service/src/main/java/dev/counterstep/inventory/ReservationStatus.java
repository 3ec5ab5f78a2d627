package dev.counterstep.inventory;

/** Where a reservation is. */
enum ReservationStatus {
    /** The stock is promised to an order. */
    RESERVED,
    /** The stock was given back, once and for all. */
    RELEASED
}
