package dev.counterstep.inventory;

import java.time.Clock;
import java.util.UUID;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.Outcome;

/** Promises stock to an order, as long as there is any. Works in the listener's transaction. */
@Service
class ReserveStock {

    private final ProductRepository products;
    private final ReservationRepository reservations;
    private final Clock clock;

    ReserveStock(ProductRepository products, ReservationRepository reservations, Clock clock) {
        this.products = products;
        this.reservations = reservations;
        this.clock = clock;
    }

    /** Reserves all of it, or nothing and rejects. */
    Outcome reserve(SagaHeaders saga, StockRequest request) {
        if (products.reserve(request.productId(), request.quantity()) == 0) {
            return Outcome.rejected(shortage(request));
        }
        var reservation = reservations.save(new Reservation(saga, request, clock.instant()));
        return Outcome.succeeded(new Reserved(reservation.id(), request.productId(), request.quantity()));
    }

    private String shortage(StockRequest request) {
        return products.available(request.productId())
                .map(available -> "insufficient stock: %s has %d, asked for %d"
                        .formatted(request.productId(), available, request.quantity()))
                .orElseGet(() -> "product " + request.productId() + " is unknown");
    }

    record Reserved(UUID reservationId, String productId, int quantity) {}
}
