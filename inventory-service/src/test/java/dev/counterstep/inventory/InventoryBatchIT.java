package dev.counterstep.inventory;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.HandlerRound;
import dev.counterstep.messaging.participant.Outcome;
import dev.counterstep.messaging.participant.StatementCounter;
import dev.counterstep.messaging.participant.Writes;

import static dev.counterstep.inventory.InventoryCommands.reserve;
import static org.assertj.core.api.Assertions.assertThat;

/** Many commands in one transaction: what each of them gets, and what all of them cost. */
@RunningInventory
class InventoryBatchIT {

    @Autowired
    ReserveStock reserveStock;

    @Autowired
    ReleaseStock releaseStock;

    @Autowired
    ValidateProduct validateProduct;

    @Autowired
    Restock restock;

    @Autowired
    FindStock stock;

    @Autowired
    Outbox outbox;

    @Autowired
    TransactionOperations transaction;

    @Autowired
    StatementCounter statements;

    @Test
    void batchThatAsksForTooMuchIsRejectedExactlyWhereItDoesNotFit() {
        var wanted = product(10);
        var other = product(2);

        var outcomes = inTransaction(writes -> reserveStock.reserve(
                List.of(
                        reserve("order-1", wanted, 4),
                        reserve("order-2", wanted, 5),
                        reserve("order-3", wanted, 3),
                        reserve("order-4", other, 2),
                        reserve("order-5", "nothing", 1),
                        reserve("order-6", wanted, 1),
                        reserve("order-7", wanted, 1)),
                writes));

        assertThat(outcomes)
                .extracting(Outcome::reason)
                .containsExactly(
                        null,
                        null,
                        "insufficient stock: %s has 1, asked for 3".formatted(wanted),
                        null,
                        "product nothing is unknown",
                        null,
                        "insufficient stock: %s has 0, asked for 1".formatted(wanted));
        assertThat(stock.one(wanted)).returns(0, StockView::available).returns(10, StockView::reserved);
        assertThat(stock.one(wanted).reservations())
                .extracting(StockView.ReservationView::orderId)
                .containsExactly("order-6", "order-2", "order-1");
        assertThat(stock.one(other)).returns(0, StockView::available).returns(2, StockView::reserved);
    }

    @Test
    void batchReleasesWhatThereIsToRelease() {
        var product = product(10);
        var commands = List.of(reserve("order-1", product, 4), reserve("order-2", product, 5));
        inTransaction(writes -> reserveStock.reserve(commands, writes));
        var released = commands.get(0).command().saga().sagaId();

        inTransaction(writes -> releaseStock.release(List.of(InventoryCommands.release(released)), writes));
        var outcomes = inTransaction(writes -> releaseStock.release(
                List.of(InventoryCommands.release(UUID.randomUUID()), InventoryCommands.release(released)), writes));

        assertThat(outcomes).containsExactly(Outcome.succeeded(), Outcome.succeeded());
        assertThat(stock.one(product)).returns(5, StockView::available).returns(5, StockView::reserved);
    }

    @Test
    void hundredCommandsTakeAsManyRoundTripsAsOne() {
        var one = reservations(1);
        var hundred = reservations(100);

        assertThat(statementsOf(writes -> reserveStock.reserve(one, writes)))
                .isEqualTo(statementsOf(writes -> reserveStock.reserve(hundred, writes)))
                .isEqualTo(2);
        assertThat(statementsOf(writes -> releaseOf(one, writes)))
                .isEqualTo(statementsOf(writes -> releaseOf(hundred, writes)))
                .isEqualTo(3);
        assertThat(statementsOf(none -> validate(one)))
                .isEqualTo(statementsOf(none -> validate(hundred)))
                .isEqualTo(1);
    }

    private List<Outcome> releaseOf(List<CommandWith<StockRequest>> reservations, Writes writes) {
        return releaseStock.release(
                reservations.stream()
                        .map(reservation -> InventoryCommands.release(
                                reservation.command().saga().sagaId()))
                        .toList(),
                writes);
    }

    private List<Outcome> validate(List<CommandWith<StockRequest>> reservations) {
        return validateProduct.validate(reservations.stream()
                .map(reservation -> reservation.body().productId())
                .toList());
    }

    /** Each second one of a product of its own. */
    private List<CommandWith<StockRequest>> reservations(int count) {
        var shared = product(count);
        return IntStream.range(0, count)
                .mapToObj(i -> reserve("order-" + i, i % 2 == 0 ? shared : product(1), 1))
                .toList();
    }

    private long statementsOf(Function<Writes, List<Outcome>> work) {
        long before = statements.count();
        assertThat(inTransaction(work)).isNotEmpty().allMatch(outcome -> outcome.kind() == OutcomeKind.SUCCEEDED);
        return statements.count() - before;
    }

    private List<Outcome> inTransaction(Function<Writes, List<Outcome>> work) {
        return HandlerRound.run(transaction, outbox, work);
    }

    private String product(int available) {
        var id = "batched-" + UUID.randomUUID();
        restock.restock(id, available);
        return id;
    }
}
