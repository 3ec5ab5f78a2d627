package dev.counterstep.delivery;

import java.time.Clock;
import java.time.Duration;
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

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.delivery.carrier.Carrier;
import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.storage.TimeOrderedIds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Many commands at once, on a real database; the listener's part is played here. */
@DeliveryServiceTest
class DeliveryRoundIT {

    @Autowired
    Carrier carrier;

    @Autowired
    TimeOrderedIds ids;

    @Autowired
    Clock clock;

    @Autowired
    DataSource database;

    private final StatementCounter counter = new StatementCounter();
    private TransactionTemplate transaction;
    private DeliveryStore deliveries;
    private DeliveryCommandHandlers handlers;

    @BeforeEach
    void countStatements() {
        DataSource counted = counter.on(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(counted));
        deliveries = new DeliveryStore(new JdbcTemplate(counted));
        handlers = new DeliveryCommandHandlers(
                new ScheduleService(deliveries, ids, carrier, clock), new CancelService(deliveries, carrier, clock));
    }

    @Test
    void roundTakesAsManyStatementsForAHundredCommandsAsForOne() {
        List<Long> single = statementsOf(sagas(1));
        List<Long> hundred = statementsOf(sagas(100));

        // Bookings: intents; answered deliveries, outcomes. Cancellations: live deliveries, intents; answered
        // deliveries, outcomes.
        assertThat(hundred).isEqualTo(single).containsExactly(1L, 2L, 2L, 2L);
    }

    @Test
    void newRepeatedAndUndeliverableBookingsAreAnsweredEachAsItIs() {
        List<UUID> sagas = sagas(6);
        Outcome first = complete(schedule(sagas.subList(1, 2))).get(0);
        answer(schedule(sagas.subList(2, 3)));
        schedule(sagas.subList(3, 5));
        carrier.cancel(delivery(sagas.get(4)).terms().idempotencyKey());

        List<CommandWith<DeliveryRequest>> commands = new ArrayList<>(
                sagas.stream().map(saga -> booking(saga, "Elm Street 1")).toList());
        commands.set(5, booking(sagas.get(5), "undeliverable"));
        List<Outcome> outcomes = complete(handle(commands));

        assertThat(outcomes.get(1)).isEqualTo(first);
        assertThat(outcomes)
                .extracting(Outcome::reason)
                .containsExactly(
                        null,
                        null,
                        null,
                        null,
                        "delivery was cancelled before it was booked",
                        "address is undeliverable");
        assertThat(sagas)
                .extracting(saga -> delivery(saga).status().name())
                .containsExactly("SCHEDULED", "SCHEDULED", "SCHEDULED", "SCHEDULED", "CANCELLED", "REFUSED");
        assertThat(outcomes.subList(0, 4))
                .extracting(Outcome::data)
                .containsExactlyElementsOf(
                        sagas.subList(0, 4).stream().map(this::data).toList());
    }

    @Test
    void cancellationsAreAnsweredWhateverBecameOfTheBookings() {
        List<UUID> sagas = sagas(6);
        complete(schedule(sagas.subList(1, 2)));
        answer(schedule(sagas.subList(2, 3)));
        schedule(sagas.subList(3, 4));
        complete(schedule(sagas.subList(4, 5)));
        CarrierTime.bookedAgo(sagas.get(4), Duration.ofMinutes(90));
        complete(handle(List.of(booking(sagas.get(5), "undeliverable"))));

        List<CommandResult> results = cancel(sagas);
        List<Outcome> outcomes = complete(calls(results));

        assertThat(results.get(0)).isEqualTo(Outcome.succeeded());
        assertThat(results.get(5)).isEqualTo(Outcome.succeeded());
        assertThat(outcomes.subList(0, 3))
                .containsExactlyElementsOf(sagas.subList(1, 4).stream()
                        .map(this::data)
                        .map(Outcome::succeeded)
                        .toList());
        assertThat(outcomes.get(3)).isEqualTo(Outcome.rejected("delivery is already on its way"));
        assertThat(sagas.subList(1, 6))
                .extracting(saga -> delivery(saga).status().name())
                .containsExactly("CANCELLED", "CANCELLED", "CANCELLED", "SHIPPED", "REFUSED");
    }

    @Test
    void deliveryChangedWithoutItsLockIsNotOverwritten() {
        UUID saga = sagas(1).get(0);
        schedule(List.of(saga));
        Delivery read = delivery(saga);
        Delivery readToo = delivery(saga);
        read.cancellationBegins(clock.instant());
        readToo.cancellationBegins(clock.instant());
        deliveries.update(List.of(read));

        assertThatExceptionOfType(OptimisticLockingFailureException.class)
                .isThrownBy(() -> deliveries.update(List.of(readToo)));
    }

    private List<Long> statementsOf(List<UUID> sagas) {
        List<ExternalCall<Booking>> bookings = new ArrayList<>();
        List<ExternalCall<Booking>> cancellations = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        counts.add(counter.during(() -> bookings.addAll(schedule(sagas))));
        List<Booking> booked = answer(bookings);
        counts.add(counter.during(() -> complete(bookings, booked)));
        counts.add(counter.during(() -> cancellations.addAll(calls(cancel(sagas)))));
        List<Booking> cancelled = answer(cancellations);
        counts.add(counter.during(() -> complete(cancellations, cancelled)));
        return counts;
    }

    private List<ExternalCall<Booking>> schedule(List<UUID> sagas) {
        return handle(sagas.stream().map(saga -> booking(saga, "Elm Street 1")).toList());
    }

    private List<ExternalCall<Booking>> handle(List<CommandWith<DeliveryRequest>> commands) {
        return transaction.execute(status -> handlers.schedule(commands));
    }

    private List<CommandResult> cancel(List<UUID> sagas) {
        List<Command> commands =
                sagas.stream().map(saga -> command(saga, Phase.COMPENSATION)).toList();
        return transaction.execute(status -> handlers.cancel(commands));
    }

    @SuppressWarnings("unchecked") // there are no others
    private static List<ExternalCall<Booking>> calls(List<CommandResult> results) {
        return results.stream()
                .filter(ExternalCall.class::isInstance)
                .map(result -> (ExternalCall<Booking>) result)
                .toList();
    }

    private List<Outcome> complete(List<ExternalCall<Booking>> calls) {
        return complete(calls, answer(calls));
    }

    private List<Outcome> complete(List<ExternalCall<Booking>> calls, List<Booking> answers) {
        assertThat(calls)
                .extracting(ExternalCall::completion)
                .containsOnly(calls.get(0).completion());
        return transaction.execute(status -> calls.get(0).completion().outcomes(answers));
    }

    private static List<Booking> answer(List<ExternalCall<Booking>> calls) {
        List<Booking> answers = new ArrayList<>();
        for (ExternalCall<Booking> call : calls) {
            try {
                answers.add(call.call().call());
            } catch (Exception e) {
                throw new AssertionError("the carrier must answer", e);
            }
        }
        return answers;
    }

    private static CommandWith<DeliveryRequest> booking(UUID saga, String address) {
        return new CommandWith<>(command(saga, Phase.ACTION), new DeliveryRequest("order-1", address));
    }

    private static Command command(UUID saga, Phase phase) {
        var headers = new SagaHeaders(saga, "test:1", "deliver", phase, 1, 1, null, null);
        return new Command(headers.commandId(), "test", headers, "test", null, new byte[0]);
    }

    private static List<UUID> sagas(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private DeliveryData data(UUID saga) {
        Delivery delivery = delivery(saga);
        return new DeliveryData(delivery.terms().id(), delivery.carrierReference());
    }

    private Delivery delivery(UUID saga) {
        return deliveries.lock(List.of(saga + ":deliver:1")).values().iterator().next();
    }
}
