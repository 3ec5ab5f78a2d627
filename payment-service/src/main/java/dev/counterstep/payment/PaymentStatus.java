package dev.counterstep.payment;

/** Where a payment stands. A state's comment says who moves it on. */
enum PaymentStatus {
    /** The intent: the gateway was or will be asked. Moved by its answer, or by the saga's compensation. */
    PENDING,
    /** The money was taken. Moved by the saga's compensation only. */
    COMPLETED,
    /** The gateway said no. Final. */
    DECLINED,
    /** The saga compensates, and the gateway's answer is awaited. Moved by that answer. */
    REFUND_PENDING,
    /** The money was taken and given back. Final. */
    REFUNDED,
    /** Cancelled before any money was taken. Final. */
    CANCELLED
}
