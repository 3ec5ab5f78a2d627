package dev.counterstep.payment;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.payment.gateway.Charge;
import dev.counterstep.payment.gateway.PaymentGateway;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Many commands at once, on a real database; the listener's part is played here. */
@PaymentServiceTest
class PaymentRoundIT {

    @Autowired
    PaymentGateway gateway;

    @Autowired
    TimeOrderedIds ids;

    @Autowired
    Clock clock;

    @Autowired
    DataSource database;

    private final StatementCounter counter = new StatementCounter();
    private TransactionTemplate transaction;
    private PaymentStore payments;
    private PaymentCommandHandlers handlers;

    @BeforeEach
    void countStatements() {
        DataSource counted = counter.on(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(counted));
        payments = new PaymentStore(new JdbcTemplate(counted));
        handlers = new PaymentCommandHandlers(
                new ChargeService(payments, ids, gateway, clock), new RefundService(payments, gateway, clock));
    }

    @Test
    void roundTakesAsManyStatementsForAHundredCommandsAsForOne() {
        List<Long> single = statementsOf(sagas(1));
        List<Long> hundred = statementsOf(sagas(100));

        // Charges: intents; answered payments, outcomes. Refunds: live payments, intents; answered payments, outcomes.
        assertThat(hundred).isEqualTo(single).containsExactly(1L, 2L, 2L, 2L);
    }

    @Test
    void newRepeatedAndDeclinedChargesAreAnsweredEachAsItIs() {
        List<UUID> sagas = sagas(6);
        Outcome first = complete(process(sagas.subList(1, 2))).get(0);
        answer(process(sagas.subList(2, 3)));
        process(sagas.subList(3, 5));
        gateway.cancel(payment(sagas.get(4)).terms().chargeRequest());

        List<CommandWith<PaymentRequest>> commands =
                new ArrayList<>(sagas.stream().map(saga -> charge(saga, "card")).toList());
        commands.set(5, charge(sagas.get(5), "declined"));
        List<Outcome> outcomes = complete(handle(commands));

        assertThat(outcomes.get(1)).isEqualTo(first);
        assertThat(outcomes)
                .extracting(Outcome::reason)
                .containsExactly(
                        null,
                        null,
                        null,
                        null,
                        "payment was cancelled before it was made",
                        "payment declined by the gateway");
        assertThat(sagas)
                .extracting(saga -> payment(saga).status().name())
                .containsExactly("COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "CANCELLED", "DECLINED");
        assertThat(outcomes.subList(0, 4))
                .extracting(Outcome::data)
                .containsExactlyElementsOf(
                        sagas.subList(0, 4).stream().map(this::data).toList());
    }

    @Test
    void refundsAreAnsweredWhateverBecameOfTheCharges() {
        List<UUID> sagas = sagas(5);
        complete(process(sagas.subList(1, 2)));
        answer(process(sagas.subList(2, 3)));
        process(sagas.subList(3, 4));
        complete(handle(List.of(charge(sagas.get(4), "declined"))));

        List<CommandResult> results = refund(sagas);
        List<Outcome> outcomes = complete(calls(results));

        assertThat(results.get(0)).isEqualTo(Outcome.succeeded());
        assertThat(results.get(4)).isEqualTo(Outcome.succeeded());
        assertThat(outcomes)
                .containsExactlyElementsOf(sagas.subList(1, 4).stream()
                        .map(this::data)
                        .map(Outcome::succeeded)
                        .toList());
        assertThat(sagas.subList(1, 5))
                .extracting(saga -> payment(saga).status().name())
                .containsExactly("REFUNDED", "REFUNDED", "CANCELLED", "DECLINED");
    }

    @Test
    void paymentChangedWithoutItsLockIsNotOverwritten() {
        UUID saga = sagas(1).get(0);
        process(List.of(saga));
        Payment read = payment(saga);
        Payment readToo = payment(saga);
        read.refundBegins(clock.instant());
        readToo.refundBegins(clock.instant());
        payments.update(List.of(read));

        assertThatExceptionOfType(OptimisticLockingFailureException.class)
                .isThrownBy(() -> payments.update(List.of(readToo)));
    }

    private List<Long> statementsOf(List<UUID> sagas) {
        List<ExternalCall<Charge>> charges = new ArrayList<>();
        List<ExternalCall<Charge>> refunds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        counts.add(counter.during(() -> charges.addAll(process(sagas))));
        List<Charge> charged = answer(charges);
        counts.add(counter.during(() -> complete(charges, charged)));
        counts.add(counter.during(() -> refunds.addAll(calls(refund(sagas)))));
        List<Charge> refunded = answer(refunds);
        counts.add(counter.during(() -> complete(refunds, refunded)));
        return counts;
    }

    private List<ExternalCall<Charge>> process(List<UUID> sagas) {
        return handle(sagas.stream().map(saga -> charge(saga, "card")).toList());
    }

    private List<ExternalCall<Charge>> handle(List<CommandWith<PaymentRequest>> commands) {
        return transaction.execute(status -> handlers.process(commands));
    }

    private List<CommandResult> refund(List<UUID> sagas) {
        List<Command> commands =
                sagas.stream().map(saga -> command(saga, Phase.COMPENSATION)).toList();
        return transaction.execute(status -> handlers.refund(commands));
    }

    @SuppressWarnings("unchecked") // there are no others
    private static List<ExternalCall<Charge>> calls(List<CommandResult> results) {
        return results.stream()
                .filter(ExternalCall.class::isInstance)
                .map(result -> (ExternalCall<Charge>) result)
                .toList();
    }

    private List<Outcome> complete(List<ExternalCall<Charge>> calls) {
        return complete(calls, answer(calls));
    }

    private List<Outcome> complete(List<ExternalCall<Charge>> calls, List<Charge> answers) {
        assertThat(calls)
                .extracting(ExternalCall::completion)
                .containsOnly(calls.get(0).completion());
        return transaction.execute(status -> calls.get(0).completion().outcomes(answers));
    }

    private static List<Charge> answer(List<ExternalCall<Charge>> calls) {
        List<Charge> answers = new ArrayList<>();
        for (ExternalCall<Charge> call : calls) {
            try {
                answers.add(call.call().call());
            } catch (Exception e) {
                throw new AssertionError("the gateway must answer", e);
            }
        }
        return answers;
    }

    private static CommandWith<PaymentRequest> charge(UUID saga, String paymentMethod) {
        var request = new PaymentRequest("order-1", new BigDecimal("12.50"), "EUR", paymentMethod);
        return new CommandWith<>(command(saga, Phase.ACTION), request);
    }

    private static Command command(UUID saga, Phase phase) {
        var headers = new SagaHeaders(saga, "test:1", "pay", phase, 1, 1, null, null);
        return new Command(headers.commandId(), "test", headers, "test", null, new byte[0]);
    }

    private static List<UUID> sagas(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private PaymentData data(UUID saga) {
        Payment payment = payment(saga);
        return new PaymentData(payment.terms().id(), payment.gatewayReference());
    }

    private Payment payment(UUID saga) {
        return payments.lock(List.of(saga + ":pay:1")).values().iterator().next();
    }
}
