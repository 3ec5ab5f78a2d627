package dev.counterstep.delivery;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.counterstep.delivery.carrier.FaultyHaulier;
import dev.counterstep.delivery.carrier.FaultyHaulier.Fault;
import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.ParticipantClient.Message;
import dev.counterstep.messaging.ParticipantContract;

import static org.assertj.core.api.Assertions.assertThat;

@DeliveryServiceTest
class DeliveryParticipantIT extends ParticipantContract {

    @Autowired
    FaultyHaulier haulier;

    @Autowired
    DeliveryTracking tracking;

    @Autowired
    JdbcClient jdbc;

    @Override
    protected String participant() {
        return "delivery";
    }

    @Override
    protected Sample sample(UUID sagaId) {
        String body = body(sagaId, "Elm Street 1");
        return new Sample("delivery.schedule", body, "delivery.cancel", body);
    }

    /** What the carrier's own ledger shows: bookings, less those cancelled. */
    @Override
    protected int effects(UUID sagaId) {
        return jdbc.sql("""
                        SELECT count(*) FILTER (WHERE outcome = 'BOOKED') - count(cancelled_at)
                          FROM carrier_entry
                         WHERE idempotency_key LIKE :saga || ':%'
                        """)
                .param("saga", sagaId.toString())
                .query(Integer.class)
                .single();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_BOOKING", "AFTER_THE_BOOKING"})
    void bookingWhoseAnswerNeverCameIsMadeOnceByTheNextAttempt(Fault fault) {
        haulier.breakFor(sagaId(), fault);

        Message first = client().ask(action());
        Message second = client().ask(action().attempt(2));

        assertThat(first.outcome()).isEqualTo("RETRYABLE");
        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId())).isEqualTo(1);
        assertThat(status()).isEqualTo("SCHEDULED");
    }

    @Test
    void cancellationOfABookingThatNeverArrivedBarsIt() {
        haulier.breakFor(sagaId(), Fault.BEFORE_THE_BOOKING);
        assertThat(client().ask(action()).outcome()).isEqualTo("RETRYABLE");

        assertThat(client().ask(compensation()).outcome()).isEqualTo("SUCCEEDED");
        Message late = client().ask(action().attempt(2));

        assertThat(late.outcome()).isEqualTo("REJECTED");
        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("CANCELLED");
    }

    @Test
    void cancellationOfABookingWhoseAnswerWasLostCancelsIt() {
        haulier.breakFor(sagaId(), Fault.AFTER_THE_BOOKING);
        assertThat(client().ask(action()).outcome()).isEqualTo("RETRYABLE");
        assertThat(effects(sagaId())).isEqualTo(1);

        assertThat(client().ask(compensation()).outcome()).isEqualTo("SUCCEEDED");

        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("CANCELLED");
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_THE_CANCELLATION", "AFTER_THE_CANCELLATION"})
    void cancellationWhoseAnswerNeverCameIsMadeOnceByTheNextAttempt(Fault fault) {
        assertThat(client().ask(action()).outcome()).isEqualTo("SUCCEEDED");
        haulier.breakFor(sagaId(), fault);

        Message first = client().ask(compensation());
        Message second = client().ask(compensation().attempt(2));

        assertThat(first.outcome()).isEqualTo("RETRYABLE");
        assertThat(second.outcome()).isEqualTo("SUCCEEDED");
        assertThat(effects(sagaId())).isZero();
        assertThat(status()).isEqualTo("CANCELLED");
    }

    @Test
    void undeliverableAddressIsRejectedAndBooksNothing() {
        Message reply =
                client().ask(CommandMessage.action(sagaId(), "delivery.schedule", body(sagaId(), "undeliverable")));

        assertThat(reply.outcome()).isEqualTo("REJECTED");
        assertThat(reply.header("ce_type")).isEqualTo("delivery.failed");
        assertThat(reply.reason()).isEqualTo("address is undeliverable");
        assertThat(effects(sagaId())).isZero();
    }

    @Test
    void scheduledDeliveryNamesItsTrackingNumber() {
        Message reply = client().ask(action());

        assertThat(reply.header("ce_type")).isEqualTo("delivery.scheduled");
        assertThat(reply.body()).contains("\"deliveryId\":").contains("\"trackingNumber\":\"trk_");
    }

    /** The refusal leaves no trace, so it is tracking that tells the delivery. */
    @Test
    void parcelOnItsWayIsNotCalledBack() {
        assertThat(client().ask(action()).outcome()).isEqualTo("SUCCEEDED");
        CarrierTime.bookedAgo(sagaId(), Duration.ofMinutes(90));

        Message first = client().ask(compensation());
        assertThat(status()).isEqualTo("CANCEL_PENDING");
        tracking.track();
        Message second = client().ask(compensation().attempt(2));

        assertThat(first.outcome()).isEqualTo("REJECTED");
        assertThat(first.reason()).isEqualTo("delivery is already on its way");
        assertThat(second.outcome()).isEqualTo("REJECTED");
        assertThat(status()).isEqualTo("SHIPPED");
        assertThat(effects(sagaId())).isEqualTo(1);
    }

    private static String body(UUID sagaId, String address) {
        return """
                {"orderId": "order-%s", "address": "%s", "amount": 12.50, "quantity": 1}""".formatted(sagaId, address);
    }

    private String status() {
        return jdbc.sql("SELECT status FROM delivery WHERE saga_id = :saga")
                .param("saga", sagaId())
                .query(String.class)
                .single();
    }
}
