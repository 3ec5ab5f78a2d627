package dev.counterstep.delivery;

/** Where a delivery stands. A state's comment says who moves it on. */
enum DeliveryStatus {
    /** The intent: the carrier was or will be asked. Moved by its answer, or by the saga's compensation. */
    PENDING,
    /** Booked with the carrier. Moved by the saga's compensation, or by tracking. */
    SCHEDULED,
    /** The saga compensates, and the carrier's answer is awaited. Moved by that answer, or by tracking. */
    CANCEL_PENDING,
    /** On its way, too late to cancel. Moved by tracking. */
    SHIPPED,
    /** Handed over. Final. */
    DELIVERED,
    /** Cancelled before it was on its way. Final. */
    CANCELLED,
    /** The carrier said no. Final. */
    REFUSED
}
