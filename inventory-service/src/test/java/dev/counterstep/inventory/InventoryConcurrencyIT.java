package dev.counterstep.inventory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.HandlerRound;
import dev.counterstep.messaging.participant.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

/** Stock under threads that fight for it, each in a transaction of its own as the listeners of many instances would be. */
@RunningInventory
class InventoryConcurrencyIT {

    private static final int THREADS = 8;

    @Autowired
    ReserveStock reserveStock;

    @Autowired
    ReleaseStock releaseStock;

    @Autowired
    Restock restock;

    @Autowired
    FindStock stock;

    @Autowired
    Outbox outbox;

    @Autowired
    TransactionOperations transaction;

    @Test
    void concurrentReservationsNeverOversell() throws Exception {
        var product = product(20);

        var outcomes = together(100, () -> reserve(UUID.randomUUID(), product, 1));

        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == OutcomeKind.SUCCEEDED)
                .hasSize(20);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == OutcomeKind.REJECTED)
                .hasSize(80)
                .allSatisfy(outcome -> assertThat(outcome.reason())
                        .isEqualTo("insufficient stock: " + product + " has 0, asked for 1"));
        assertThat(stock.one(product)).returns(0, StockView::available).returns(20, StockView::reserved);
    }

    @Test
    void concurrentReleasesOfOneReservationGiveBackOnce() throws Exception {
        var product = product(10);
        var saga = UUID.randomUUID();
        reserve(saga, product, 4);

        var outcomes = together(16, () -> release(saga));

        assertThat(outcomes).allMatch(outcome -> outcome.kind() == OutcomeKind.SUCCEEDED);
        assertThat(stock.one(product)).returns(10, StockView::available).returns(0, StockView::reserved);
    }

    @Test
    void stockThatIsReservedAndReleasedByManyAddsUp() throws Exception {
        var product = product(5);

        together(60, () -> {
            var saga = UUID.randomUUID();
            reserve(saga, product, 2);
            return release(saga);
        });

        assertThat(stock.one(product)).returns(5, StockView::available).returns(0, StockView::reserved);
    }

    @Test
    void batchesThatWantTheSameProductsInAnyOrderDoNotBlockOneAnother() throws Exception {
        var products = Stream.generate(() -> product(1000)).limit(8).toList();

        var outcomes = together(60, () -> {
            var shuffled = new ArrayList<>(products);
            Collections.shuffle(shuffled);
            var commands = shuffled.stream()
                    .map(product -> InventoryCommands.reserve("order-1", product, 1))
                    .toList();
            reserve(commands);
            return release(commands.stream()
                    .map(command -> command.command().saga().sagaId())
                    .toList());
        });

        assertThat(outcomes)
                .allSatisfy(batch ->
                        assertThat(batch).hasSize(8).allMatch(outcome -> outcome.kind() == OutcomeKind.SUCCEEDED));
        assertThat(products)
                .allSatisfy(product -> assertThat(stock.one(product))
                        .returns(1000, StockView::available)
                        .returns(0, StockView::reserved));
    }

    private String product(int available) {
        var id = "contested-" + UUID.randomUUID();
        restock.restock(id, available);
        return id;
    }

    private Outcome reserve(UUID saga, String product, int quantity) {
        var request = new StockRequest("order-1", product, quantity);
        return reserve(List.of(InventoryCommands.reserve(saga, request))).get(0);
    }

    private List<Outcome> reserve(List<CommandWith<StockRequest>> commands) {
        return HandlerRound.run(transaction, outbox, writes -> reserveStock.reserve(commands, writes));
    }

    private Outcome release(UUID saga) {
        return release(List.of(saga)).get(0);
    }

    private List<Outcome> release(List<UUID> sagas) {
        var commands = sagas.stream().map(InventoryCommands::release).toList();
        return HandlerRound.run(transaction, outbox, writes -> releaseStock.release(commands, writes));
    }

    /** Runs {@code work} so often, on all threads at once. */
    private static <T> List<T> together(int times, Callable<T> work) throws Exception {
        var start = new CountDownLatch(1);
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var running = new ArrayList<Future<T>>();
            for (int i = 0; i < times; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            start.countDown();
            var results = new ArrayList<T>();
            for (var future : running) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
