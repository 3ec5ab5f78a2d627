package dev.counterstep.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
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
    TransactionOperations transaction;

    @Test
    void concurrentReservationsNeverOversell() throws Exception {
        var product = product(20);

        var outcomes = together(100, () -> reserve(saga(), product, 1));

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
        var saga = saga();
        reserve(saga, product, 4);

        var outcomes = together(16, () -> release(saga));

        assertThat(outcomes).allMatch(outcome -> outcome.kind() == OutcomeKind.SUCCEEDED);
        assertThat(stock.one(product)).returns(10, StockView::available).returns(0, StockView::reserved);
    }

    @Test
    void stockThatIsReservedAndReleasedByManyAddsUp() throws Exception {
        var product = product(5);

        together(60, () -> {
            var saga = saga();
            reserve(saga, product, 2);
            return release(saga);
        });

        assertThat(stock.one(product)).returns(5, StockView::available).returns(0, StockView::reserved);
    }

    private String product(int available) {
        var id = "contested-" + UUID.randomUUID();
        restock.restock(id, available);
        return id;
    }

    private Outcome reserve(SagaHeaders saga, String product, int quantity) {
        var request = new StockRequest("order-1", product, quantity);
        return transaction.execute(status -> reserveStock.reserve(saga, request));
    }

    private Outcome release(SagaHeaders saga) {
        return transaction.execute(status -> releaseStock.release(saga));
    }

    private static SagaHeaders saga() {
        return new SagaHeaders(UUID.randomUUID(), "order-fulfilment:1", "reserve", Phase.ACTION, 1, 1, null, null);
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
