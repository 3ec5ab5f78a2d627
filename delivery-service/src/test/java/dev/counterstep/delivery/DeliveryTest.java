package dev.counterstep.delivery;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class DeliveryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = START.plusSeconds(1);
    private static final UUID SAGA = UUID.fromString("01900000-0000-7000-8000-000000000001");

    @Test
    void intentAsksTheCarrierUnderTheStepsKey() {
        assertThat(in(DeliveryStatus.PENDING).terms().bookingRequest())
                .isEqualTo(new BookingRequest(SAGA + ":schedule-delivery:1", "Elm Street 1"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # status       | the carrier says | then
                    PENDING        , BOOKED           , SCHEDULED
                    PENDING        , SHIPPED          , SHIPPED
                    PENDING        , DELIVERED        , DELIVERED
                    PENDING        , CANCELLED        , CANCELLED
                    PENDING        , REFUSED          , REFUSED
                    SCHEDULED      , BOOKED           , SCHEDULED
                    SCHEDULED      , SHIPPED          , SHIPPED
                    SCHEDULED      , DELIVERED        , DELIVERED
                    SCHEDULED      , CANCELLED        , CANCELLED
                    SCHEDULED      , REFUSED          ,
                    CANCEL_PENDING , BOOKED           , CANCEL_PENDING
                    CANCEL_PENDING , SHIPPED          , SHIPPED
                    CANCEL_PENDING , DELIVERED        , DELIVERED
                    CANCEL_PENDING , CANCELLED        , CANCELLED
                    CANCEL_PENDING , REFUSED          , REFUSED
                    SHIPPED        , BOOKED           , SHIPPED
                    SHIPPED        , SHIPPED          , SHIPPED
                    SHIPPED        , DELIVERED        , DELIVERED
                    SHIPPED        , CANCELLED        ,
                    SHIPPED        , REFUSED          ,
                    DELIVERED      , BOOKED           , DELIVERED
                    DELIVERED      , SHIPPED          , DELIVERED
                    DELIVERED      , DELIVERED        , DELIVERED
                    DELIVERED      , CANCELLED        ,
                    DELIVERED      , REFUSED          ,
                    CANCELLED      , BOOKED           , CANCELLED
                    CANCELLED      , SHIPPED          ,
                    CANCELLED      , DELIVERED        ,
                    CANCELLED      , CANCELLED        , CANCELLED
                    CANCELLED      , REFUSED          ,
                    REFUSED        , BOOKED           ,
                    REFUSED        , SHIPPED          ,
                    REFUSED        , DELIVERED        ,
                    REFUSED        , CANCELLED        ,
                    REFUSED        , REFUSED          , REFUSED
                    """)
    void everyAnswerOfTheCarrierInEveryStatus(DeliveryStatus status, Booking.Status answer, DeliveryStatus then) {
        Delivery delivery = in(status);

        if (then == null) {
            assertThatIllegalStateException().isThrownBy(() -> delivery.carrierSaid(booking(answer), LATER));
            assertThat(delivery.status()).isEqualTo(status);
        } else {
            delivery.carrierSaid(booking(answer), LATER);
            assertThat(delivery.status()).isEqualTo(then);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, CANCEL_PENDING",
        "SCHEDULED, CANCEL_PENDING",
        "CANCEL_PENDING, CANCEL_PENDING",
        "SHIPPED, SHIPPED",
        "DELIVERED, DELIVERED",
        "CANCELLED, CANCELLED",
        "REFUSED, REFUSED"
    })
    void cancellationBeginsOnlyWhereItCanSucceed(DeliveryStatus status, DeliveryStatus then) {
        Delivery delivery = in(status);

        delivery.cancellationBegins(LATER);

        assertThat(delivery.status()).isEqualTo(then);
    }

    @Test
    void refusedDeliverySaysWhy() {
        assertThat(in(DeliveryStatus.REFUSED).reason()).isEqualTo("address is undeliverable");
        assertThat(in(DeliveryStatus.REFUSED).carrierReference()).isNull();
        assertThat(in(DeliveryStatus.SCHEDULED).reason()).isNull();
    }

    @Test
    void bookedDeliveryKeepsItsTrackingNumberWhenCancelled() {
        Delivery delivery = in(DeliveryStatus.SCHEDULED);

        delivery.cancellationBegins(LATER);
        delivery.carrierSaid(booking(Booking.Status.CANCELLED), LATER);

        assertThat(delivery.carrierReference()).isEqualTo("trk_1");
    }

    @Test
    void updateTimeNeverRunsBackwards() {
        Delivery delivery = in(DeliveryStatus.PENDING);

        delivery.cancellationBegins(START.minusSeconds(5));

        assertThat(delivery.updatedAt()).isEqualTo(START);
    }

    @Test
    void onlyNewsChangesADelivery() {
        var terms = in(DeliveryStatus.PENDING).terms();
        var scheduled = new Delivery(terms, DeliveryStatus.SCHEDULED, "trk_1", null, START, 1);
        var cancelling = new Delivery(terms, DeliveryStatus.CANCEL_PENDING, null, null, START, 1);

        scheduled.carrierSaid(booking(Booking.Status.BOOKED), LATER);
        cancelling.cancellationBegins(LATER);
        assertThat(scheduled.isChanged()).isFalse();
        assertThat(cancelling.isChanged()).isFalse();

        scheduled.cancellationBegins(LATER);
        cancelling.carrierSaid(booking(Booking.Status.CANCELLED), LATER);
        assertThat(scheduled.isChanged()).isTrue();
        assertThat(cancelling.isChanged()).isTrue();
    }

    private static Delivery in(DeliveryStatus status) {
        var saga = new SagaHeaders(SAGA, "order-fulfilment:1", "schedule-delivery", Phase.ACTION, 1, 1, null, null);
        var terms = DeliveryTerms.of(new UUID(0, 1), saga, "order-1", "Elm Street 1", START);
        var delivery = new Delivery(terms, DeliveryStatus.PENDING, null, null, START, 0);
        if (status == DeliveryStatus.CANCEL_PENDING) {
            delivery.cancellationBegins(LATER);
        }
        answerThatLeadsTo(status).ifPresent(answer -> delivery.carrierSaid(booking(answer), LATER));
        assertThat(delivery.status()).isEqualTo(status);
        return delivery;
    }

    private static Optional<Booking.Status> answerThatLeadsTo(DeliveryStatus status) {
        return switch (status) {
            case PENDING, CANCEL_PENDING -> Optional.empty();
            case SCHEDULED -> Optional.of(Booking.Status.BOOKED);
            case SHIPPED -> Optional.of(Booking.Status.SHIPPED);
            case DELIVERED -> Optional.of(Booking.Status.DELIVERED);
            case CANCELLED -> Optional.of(Booking.Status.CANCELLED);
            case REFUSED -> Optional.of(Booking.Status.REFUSED);
        };
    }

    private static Booking booking(Booking.Status status) {
        return new Booking(SAGA + ":schedule-delivery:1", status, status == Booking.Status.REFUSED ? null : "trk_1");
    }
}
