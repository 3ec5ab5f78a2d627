package dev.counterstep.payment;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.external.ExternalCallContract;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.payment.gateway.ChargeRequest;
import dev.counterstep.payment.gateway.Money;
import dev.counterstep.payment.gateway.PaymentGateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Charging and refunding move by move, on a real database; the simulated gateway's ledger is the judge. */
@PaymentServiceTest
class ChargeAndRefundIT extends ExternalCallContract {

    private static final Money PRICE = new Money(new BigDecimal("12.50"), "EUR");

    @Autowired
    PaymentCommandHandlers handlers;

    @Autowired
    PaymentGateway gateway;

    @Autowired
    TransactionOperations transactions;

    @Autowired
    JdbcClient jdbc;

    @Override
    protected CommandResult handle(SagaHeaders saga) {
        return handle(saga, "card");
    }

    private CommandResult handle(SagaHeaders saga, String paymentMethod) {
        var command = new Command(saga.commandId(), "payment.process", saga, "test", null, new byte[0]);
        var request = new PaymentRequest("order-1", PRICE.amount(), PRICE.currency(), paymentMethod);
        return switch (saga.phase()) {
            case ACTION ->
                handlers.process(List.of(new CommandWith<>(command, request))).get(0);
            case COMPENSATION -> handlers.refund(List.of(command)).get(0);
        };
    }

    @Override
    protected Effects effects(UUID saga) {
        return jdbc.sql("""
                        SELECT count(*) FILTER (WHERE outcome = 'CHARGED') AS made,
                               count(*) FILTER (WHERE refunded_amount = amount) AS undone
                          FROM gateway_entry
                         WHERE idempotency_key LIKE :saga || ':%'
                        """)
                .param("saga", saga.toString())
                .query((row, n) -> new Effects(row.getInt("made"), row.getInt("undone")))
                .single();
    }

    @Override
    protected int openIntents(UUID saga) {
        return jdbc.sql("SELECT count(*) FROM payment WHERE saga_id = :saga AND status LIKE '%PENDING'")
                .param("saga", saga)
                .query(Integer.class)
                .single();
    }

    @Override
    protected TransactionOperations transactions() {
        return transactions;
    }

    @Test
    void declinedPaymentIsRejectedAndStaysDeclined() {
        UUID saga = UUID.randomUUID();

        Outcome declined = run(saga, Phase.ACTION, 1, "declined");
        Outcome refund = run(saga, Phase.COMPENSATION, 1, "declined");

        assertThat(declined).isEqualTo(Outcome.rejected("payment declined by the gateway"));
        assertThat(refund).isEqualTo(Outcome.succeeded());
        assertThat(effects(saga)).isEqualTo(new Effects(0, 0));
        assertThat(statuses(saga)).isEqualTo("DECLINED");
    }

    @Test
    void nextGenerationChargesAnewAfterARefusal() {
        UUID saga = UUID.randomUUID();

        run(saga, Phase.ACTION, 1, "declined");
        Outcome second = run(saga, Phase.ACTION, 2, "card");
        run(saga, Phase.COMPENSATION, 2, "card");

        assertThat(second.kind()).isEqualTo(Outcome.succeeded().kind());
        assertThat(effects(saga)).isEqualTo(new Effects(1, 1));
        assertThat(statuses(saga)).isEqualTo("DECLINED,REFUNDED");
    }

    @Test
    void nextGenerationOfAnUnansweredChargeDoesNotChargeTwice() throws Exception {
        UUID saga = UUID.randomUUID();
        ExternalCall<?> died = (ExternalCall<?>) handleInTransaction(saga, Phase.ACTION, 1, "card");
        died.call().call();

        run(saga, Phase.ACTION, 2, "card");

        assertThat(effects(saga)).isEqualTo(new Effects(1, 0));
        assertThat(statuses(saga)).isEqualTo("COMPLETED");
    }

    @Test
    void slowPaymentSucceeds() {
        assertThat(run(UUID.randomUUID(), Phase.ACTION, 1, "slow").kind())
                .isEqualTo(Outcome.succeeded().kind());
    }

    @Test
    void gatewayRefusesToTakePartInATransaction() {
        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.execute(
                        status -> gateway.charge(new ChargeRequest(UUID.randomUUID() + ":pay:1", PRICE, null))));
    }

    private Outcome run(UUID saga, Phase phase, int generation, String paymentMethod) {
        CommandResult result = handleInTransaction(saga, phase, generation, paymentMethod);
        return result instanceof ExternalCall<?> call ? finish(call) : (Outcome) result;
    }

    private <T> Outcome finish(ExternalCall<T> call) {
        try {
            T answer = call.call().call();
            return transactions.execute(
                    status -> call.completion().outcomes(List.of(answer)).get(0));
        } catch (Exception e) {
            throw new AssertionError("the gateway must answer", e);
        }
    }

    private CommandResult handleInTransaction(UUID saga, Phase phase, int generation, String paymentMethod) {
        var headers = new SagaHeaders(saga, "test:1", "pay", phase, generation, 1, null, null);
        return transactions.execute(status -> handle(headers, paymentMethod));
    }

    private String statuses(UUID saga) {
        return jdbc.sql("SELECT string_agg(status, ',' ORDER BY id) FROM payment WHERE saga_id = :saga")
                .param("saga", saga)
                .query(String.class)
                .single();
    }
}
