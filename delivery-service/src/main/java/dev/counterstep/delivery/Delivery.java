package dev.counterstep.delivery;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.messaging.SagaHeaders;

/**
 * A saga step's delivery: what was asked of the carrier and what it answered.
 *
 * <p>The carrier is the truth and this row follows it. Its answers can reach us twice and in the wrong order (an action's after its
 * compensation's), so old news changes nothing, and none moves a delivery backwards.
 * Whoever changes one locks its row.
 */
@Entity
class Delivery {

    private static final String REFUSED = "address is undeliverable";

    @Id
    @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
    private UUID id;

    private String orderId;
    private UUID sagaId;

    @SuppressWarnings("UnusedVariable") // read by queries
    private String step;

    private String idempotencyKey;
    private @Nullable String address;

    @Enumerated(EnumType.STRING)
    private DeliveryStatus status;

    private @Nullable String carrierReference;
    private @Nullable String reason;
    private Instant createdAt;
    private Instant updatedAt;

    @Version
    private long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Delivery() {}

    /** The intent to book, under the saga step's own idempotency key. */
    @SuppressWarnings("NullAway.Init") // the id comes with persisting
    Delivery(SagaHeaders saga, String orderId, @Nullable String address, Instant now) {
        this.orderId = orderId;
        this.sagaId = saga.sagaId();
        this.step = saga.step();
        this.idempotencyKey = saga.idempotencyKey();
        this.address = address;
        this.status = DeliveryStatus.PENDING;
        this.createdAt = now;
        this.updatedAt = now;
    }

    /** What the carrier is asked: always what the intent says, also when a repeated command says something else. */
    BookingRequest bookingRequest() {
        return new BookingRequest(idempotencyKey, address);
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
    }

    private IllegalStateException contradiction(Booking booking) {
        return new IllegalStateException(
                "delivery %s is %s, but the carrier says %s".formatted(id, status, booking.status()));
    }

    UUID id() {
        return id;
    }

    String orderId() {
        return orderId;
    }

    UUID sagaId() {
        return sagaId;
    }

    @Nullable
    String address() {
        return address;
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

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }
}
