package dev.counterstep.inventory;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.participant.StepKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ReservationTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final Reservation reservation = new Reservation(
            UUID.randomUUID(),
            new StepKey(UUID.randomUUID(), "reserve"),
            new StockRequest("order-1", "product_1", 3),
            NOON);

    @Test
    void newReservationHoldsTheStock() {
        assertThat(reservation.status()).isEqualTo(ReservationStatus.RESERVED);
        assertThat(reservation.quantity()).isEqualTo(3);
        assertThat(reservation.releasedAt()).isNull();
    }

    @Test
    void releaseGivesTheStockBackOnce() {
        assertThat(reservation.release(NOON.plusSeconds(1))).isTrue();
        assertThat(reservation.release(NOON.plusSeconds(2))).isFalse();

        assertThat(reservation.status()).isEqualTo(ReservationStatus.RELEASED);
        assertThat(reservation.releasedAt()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void releaseByAClockThatIsBehindIsNotBeforeTheReservation() {
        reservation.release(NOON.minusSeconds(1));

        assertThat(reservation.releasedAt()).isEqualTo(NOON);
    }

    @Test
    void stockRequestOfNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StockRequest("order-1", "product_1", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StockRequest("order-1", "product_1", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StockRequest("", "product_1", 1));
    }
}
