package dev.counterstep.order;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.HandlerRound;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.messaging.participant.Writes;
import dev.counterstep.order.OrderCommandHandlers.CustomerOfOrder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Many orders in one transaction: what becomes of each of them, and what all of them cost. */
@RunningOrders
class OrderBatchIT {

    @Autowired
    PlaceOrderBatch placement;

    @Autowired
    EndOrders ends;

    @Autowired
    OrderCommandHandlers handlers;

    @Autowired
    FindOrders orders;

    @Autowired
    Outbox outbox;

    @Autowired
    TransactionOperations transaction;

    @Autowired
    StatementCounter statements;

    @Test
    void eachOrderOfABatchEndsByItsOwnState() {
        var ids = placed(3);
        inTransaction(List.of(ids.get(1)), OrderBatchIT::ending, ends::cancel);
        var batch = List.of(ids.get(0), UUID.randomUUID(), ids.get(1), ids.get(2), ids.get(0));

        var outcomes = inTransaction(batch, OrderBatchIT::ending, ends::complete);

        assertThat(outcomes)
                .containsExactly(
                        Outcome.succeeded(),
                        Outcome.rejected("order " + batch.get(1) + " is unknown"),
                        Outcome.rejected("order " + batch.get(2) + " was cancelled before"),
                        Outcome.succeeded(),
                        Outcome.succeeded());
        assertThat(ids)
                .extracting(id -> orders.one(id).status())
                .containsExactly(OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.COMPLETED);
        assertThat(orders.one(ids.get(0)).history())
                .extracting(OrderView.Entry::status)
                .containsExactly(OrderStatus.PENDING, OrderStatus.COMPLETED);
    }

    @Test
    void sagaThatIsHeardOfFirstCounts() {
        var id = placed(1).get(0);
        var commands = Stream.generate(() -> validating(id)).limit(2).toList();

        transaction.executeWithoutResult(status -> handlers.validateCustomers(commands));
        transaction.executeWithoutResult(status -> handlers.validateCustomers(List.of(validating(id))));

        assertThat(orders.one(id).sagaId())
                .isEqualTo(commands.get(0).command().saga().sagaId());
    }

    @Test
    void hundredOrdersTakeAsManyRoundTripsAsOne() {
        assertThat(placing(1)).isEqualTo(placing(100)).isEqualTo(2);
        assertThat(statementsOf(1, OrderBatchIT::validating, this::validate))
                .isEqualTo(statementsOf(100, OrderBatchIT::validating, this::validate))
                .isEqualTo(2);
        assertThat(statementsOf(1, OrderBatchIT::ending, ends::complete))
                .isEqualTo(statementsOf(100, OrderBatchIT::ending, ends::complete))
                .isEqualTo(2);
        assertThat(statementsOf(1, OrderBatchIT::ending, ends::cancel))
                .isEqualTo(statementsOf(100, OrderBatchIT::ending, ends::cancel))
                .isEqualTo(2);
    }

    private long placing(int count) {
        long before = statements.count();
        placed(count);
        return statements.count() - before;
    }

    private <T> long statementsOf(
            int count,
            Function<UUID, CommandWith<T>> command,
            BiFunction<List<CommandWith<T>>, Writes, List<? extends CommandResult>> handler) {
        var ids = placed(count);
        long before = statements.count();
        assertThat(inTransaction(ids, command, handler))
                .hasSize(count)
                .allMatch(outcome -> outcome.equals(Outcome.succeeded()));
        return statements.count() - before;
    }

    private List<UUID> placed(int count) {
        return placement.place(Collections.nCopies(
                count,
                new OrderRequest(
                        "user_1", "product_1", 1, new BigDecimal("10.00"), "EUR", "order-fulfilment", null, null)));
    }

    private <T> List<CommandResult> inTransaction(
            List<UUID> orderIds,
            Function<UUID, CommandWith<T>> command,
            BiFunction<List<CommandWith<T>>, Writes, List<? extends CommandResult>> handler) {
        var commands = orderIds.stream().map(command).toList();
        return HandlerRound.run(transaction, outbox, writes -> List.copyOf(handler.apply(commands, writes)));
    }

    private List<? extends CommandResult> validate(List<CommandWith<CustomerOfOrder>> commands, Writes none) {
        return handlers.validateCustomers(commands);
    }

    private static CommandWith<OrderRef> ending(UUID orderId) {
        return new CommandWith<>(command("order.complete"), new OrderRef(orderId.toString(), "why not"));
    }

    private static CommandWith<CustomerOfOrder> validating(UUID orderId) {
        return new CommandWith<>(command("customer.validate"), new CustomerOfOrder(orderId.toString(), "user_1"));
    }

    /** As the handlers get it, of a saga of its own. */
    private static Command command(String type) {
        var saga = new SagaHeaders(UUID.randomUUID(), "order-fulfilment:1", "step", Phase.ACTION, 1, 1, null, null);
        return new Command(saga.commandId(), type, saga, "correlation", null, "{}".getBytes(UTF_8));
    }
}
