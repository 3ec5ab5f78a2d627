package dev.counterstep.delivery;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.delivery.carrier.BookingRequest;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.external.ExternalCallContract;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Scheduling and cancelling move by move, on a real database; the simulated carrier's ledger is the judge. */
@DeliveryServiceTest
class ScheduleAndCancelIT extends ExternalCallContract {

    @Autowired
    DeliveryCommandHandlers handlers;

    @Autowired
    DeliveryTracking tracking;

    @Autowired
    Carrier carrier;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    JdbcClient jdbc;

    @Override
    protected CommandResult handle(SagaHeaders saga) {
        return handle(saga, "Elm Street 1");
    }

    private CommandResult handle(SagaHeaders saga, @Nullable String address) {
        var command = new Command(saga.commandId(), "delivery.schedule", saga, "test", null, new byte[0]);
        return switch (saga.phase()) {
            case ACTION ->
                handlers.schedule(List.of(new CommandWith<>(command, new DeliveryRequest("order-1", address))))
                        .get(0);
            case COMPENSATION -> handlers.cancel(List.of(command)).get(0);
        };
    }

    @Override
    protected Effects effects(UUID saga) {
        return jdbc.sql("""
                        SELECT count(*) FILTER (WHERE outcome = 'BOOKED') AS made, count(cancelled_at) AS undone
                          FROM carrier_entry
                         WHERE idempotency_key LIKE :saga || ':%'
                        """)
                .param("saga", saga.toString())
                .query((row, n) -> new Effects(row.getInt("made"), row.getInt("undone")))
                .single();
    }

    @Override
    protected int openIntents(UUID saga) {
        return jdbc.sql("SELECT count(*) FROM delivery WHERE saga_id = :saga AND status LIKE '%PENDING'")
                .param("saga", saga)
                .query(Integer.class)
                .single();
    }

    @Override
    protected TransactionOperations transactions() {
        return transactions;
    }

    @Test
    void undeliverableAddressIsRejected() {
        UUID saga = UUID.randomUUID();

        Outcome refused = run(saga, Phase.ACTION, "undeliverable");
        Outcome cancelled = run(saga, Phase.COMPENSATION, "undeliverable");

        assertThat(refused).isEqualTo(Outcome.rejected("address is undeliverable"));
        assertThat(cancelled).isEqualTo(Outcome.succeeded());
        assertThat(effects(saga)).isEqualTo(new Effects(0, 0));
        assertThat(status(saga)).isEqualTo("REFUSED");
    }

    @Test
    void missingAddressIsTheOneOnFile() {
        assertThat(run(UUID.randomUUID(), Phase.ACTION, null).kind()).isEqualTo(OutcomeKind.SUCCEEDED);
    }

    @Test
    void trackingFollowsTheParcel() {
        UUID saga = UUID.randomUUID();
        run(saga, Phase.ACTION, "Elm Street 1");

        tracking.track();
        assertThat(status(saga)).isEqualTo("SCHEDULED");
        CarrierTime.bookedAgo(saga, Duration.ofMinutes(90));
        tracking.track();
        assertThat(status(saga)).isEqualTo("SHIPPED");
        CarrierTime.bookedAgo(saga, Duration.ofHours(3));
        tracking.track();
        assertThat(status(saga)).isEqualTo("DELIVERED");
    }

    @Test
    void carrierRefusesToTakePartInATransaction() {
        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.execute(
                        status -> carrier.book(new BookingRequest(UUID.randomUUID() + ":step:1", null))));
    }

    private Outcome run(UUID saga, Phase phase, @Nullable String address) {
        var headers = new SagaHeaders(saga, "test:1", "step", phase, 1, 1, null, null);
        CommandResult result = transactions.execute(status -> handle(headers, address));
        return result instanceof ExternalCall<?> call ? finish(call) : (Outcome) result;
    }

    private <T> Outcome finish(ExternalCall<T> call) {
        try {
            T answer = call.call().call();
            return transactions.execute(
                    status -> call.completion().outcomes(List.of(answer)).get(0));
        } catch (Exception e) {
            throw new AssertionError("the carrier must answer", e);
        }
    }

    private String status(UUID saga) {
        return jdbc.sql("SELECT status FROM delivery WHERE saga_id = :saga")
                .param("saga", saga)
                .query(String.class)
                .single();
    }
}
