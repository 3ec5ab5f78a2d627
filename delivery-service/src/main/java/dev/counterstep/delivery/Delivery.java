package dev.counterstep.delivery;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.counterstep.delivery.carrier.Booking;

/**
 * A saga step's delivery: what was asked of the carrier and what it answered.
 *
 * <p>The carrier is the truth and this row follows it. Its answers can reach us twice and in the wrong order (an action's after its
 * compensation's), so old news changes nothing, and none moves a delivery backwards.
 * Whoever changes one locks its row.
 */
final class Delivery {

    private static final String REFUSED = "address is undeliverable";

    private final DeliveryTerms terms;
    private final long version;
    private DeliveryStatus status;
    private @Nullable String carrierReference;
    private @Nullable String reason;
    private Instant updatedAt;
    private boolean changed;

    /** A delivery as it was stored. */
    Delivery(
            DeliveryTerms terms,
            DeliveryStatus status,
            @Nullable String carrierReference,
            @Nullable String reason,
            Instant updatedAt,
            long version) {
        this.terms = terms;
        this.status = status;
        this.carrierReference = carrierReference;
        this.reason = reason;
        this.updatedAt = updatedAt;
        this.version = version;
    }

    /** The saga compensates: from here only the carrier's answer moves the delivery. */
    void cancellationBegins(Instant now) {
        switch (status) {
            case PENDING, SCHEDULED -> moveTo(DeliveryStatus.CANCEL_PENDING, now);
            case CANCEL_PENDING, SHIPPED, DELIVERED, CANCELLED, REFUSED -> {}
        }
    }

    /** Records what the carrier says of the booking, unless newer news is known already. */
    void carrierSaid(Booking booking, Instant now) {
        DeliveryStatus next = after(booking);
        if (next == status) {
            return;
        }
        if (next == DeliveryStatus.REFUSED) {
            reason = REFUSED;
        } else if (booking.trackingNumber() != null) {
            carrierReference = booking.trackingNumber();
        }
        moveTo(next, now);
    }

    private DeliveryStatus after(Booking booking) {
        return switch (booking.status()) {
            case BOOKED ->
                switch (status) {
                    case PENDING -> DeliveryStatus.SCHEDULED;
                    case SCHEDULED, CANCEL_PENDING, SHIPPED, DELIVERED, CANCELLED -> status;
                    case REFUSED -> throw contradiction(booking);
                };
            case SHIPPED ->
                switch (status) {
                    case PENDING, SCHEDULED, CANCEL_PENDING -> DeliveryStatus.SHIPPED;
                    case SHIPPED, DELIVERED -> status;
                    case CANCELLED, REFUSED -> throw contradiction(booking);
                };
            case DELIVERED ->
                switch (status) {
                    case PENDING, SCHEDULED, CANCEL_PENDING, SHIPPED, DELIVERED -> DeliveryStatus.DELIVERED;
                    case CANCELLED, REFUSED -> throw contradiction(booking);
                };
            case CANCELLED ->
                switch (status) {
                    case PENDING, SCHEDULED, CANCEL_PENDING, CANCELLED -> DeliveryStatus.CANCELLED;
                    case SHIPPED, DELIVERED, REFUSED -> throw contradiction(booking);
                };
            case REFUSED ->
                switch (status) {
                    case PENDING, CANCEL_PENDING, REFUSED -> DeliveryStatus.REFUSED;
                    case SCHEDULED, SHIPPED, DELIVERED, CANCELLED -> throw contradiction(booking);
                };
        };
    }

    /** Time stands still rather than run backwards: the clocks of two instances differ. */
    private void moveTo(DeliveryStatus next, Instant now) {
        status = next;
        updatedAt = now.isBefore(updatedAt) ? updatedAt : now;
        changed = true;
    }

    private IllegalStateException contradiction(Booking booking) {
        return new IllegalStateException(
                "delivery %s is %s, but the carrier says %s".formatted(terms.id(), status, booking.status()));
    }

    /** What was asked of the carrier. */
    DeliveryTerms terms() {
        return terms;
    }

    DeliveryStatus status() {
        return status;
    }

    /** The carrier's tracking number; null when nothing is known to be booked. */
    @Nullable
    String carrierReference() {
        return carrierReference;
    }

    /** Why the carrier refused; null unless it did. */
    @Nullable
    String reason() {
        return reason;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    /** How often it was changed before it was read. */
    long version() {
        return version;
    }

    /** Whether it is no longer what was read. */
    boolean isChanged() {
        return changed;
    }
}
