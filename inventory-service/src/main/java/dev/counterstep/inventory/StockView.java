package dev.counterstep.inventory;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A product's stock as the API shows it.
 *
 * @param available what can still be promised
 * @param reserved what is promised to orders
 * @param reservations the newest promises, newest first; with a filter by order, that order's
 */
record StockView(String productId, int available, int reserved, Instant updatedAt, List<ReservationView> reservations) {

    static StockView of(Product product, List<Reservation> reservations) {
        return new StockView(
                product.id(),
                product.available(),
                product.reserved(),
                product.updatedAt(),
                reservations.stream()
                        .filter(reservation -> reservation.productId().equals(product.id()))
                        .map(ReservationView::of)
                        .toList());
    }

    /**
     * @param releasedAt null while it is RESERVED
     */
    record ReservationView(
            UUID reservationId,
            String orderId,
            UUID sagaId,
            String step,
            int quantity,
            ReservationStatus status,
            Instant createdAt,
            @Nullable Instant releasedAt) {

        static ReservationView of(Reservation reservation) {
            return new ReservationView(
                    reservation.id(),
                    reservation.orderId(),
                    reservation.step().sagaId(),
                    reservation.step().step(),
                    reservation.quantity(),
                    reservation.status(),
                    reservation.createdAt(),
                    reservation.releasedAt());
        }
    }
}
