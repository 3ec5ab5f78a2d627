package dev.counterstep.inventory;

import java.time.Clock;

import org.springframework.stereotype.Service;

import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.Outcome;

/** Gives back what a saga's step reserved. Works in the listener's transaction. */
@Service
class ReleaseStock {

    private final ProductRepository products;
    private final ReservationRepository reservations;
    private final Clock clock;

    ReleaseStock(ProductRepository products, ReservationRepository reservations, Clock clock) {
        this.products = products;
        this.reservations = reservations;
        this.clock = clock;
    }

    /** Releases exactly what was reserved, whatever the command's body says; succeeds when that was nothing. */
    Outcome release(SagaHeaders saga) {
        reservations
                .findBySagaIdAndStep(saga.sagaId(), saga.step())
                .filter(reservation -> reservation.release(clock.instant()))
                .ifPresent(this::giveBack);
        return Outcome.succeeded();
    }

    private void giveBack(Reservation reservation) {
        if (products.release(reservation.productId(), reservation.quantity()) != 1) {
            throw new IllegalStateException("product %s has less reserved than reservation %s"
                    .formatted(reservation.productId(), reservation.id()));
        }
    }
}
