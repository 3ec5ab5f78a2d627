package dev.counterstep.quickstart;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Everything is killed with orders in flight, then only PostgreSQL: every accepted order ends, and the sums are right. */
class RecoveryE2E {

    private static final int ORDERS = 500;
    private static final int CALLERS = 8;
    private static final int STOCK = 100_000;
    private static final Duration END_LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path dataDir;

    @Test
    void acceptedOrdersSurviveTheKillOfEverythingAndOfPostgresAlone() throws Exception {
        List<String> accepted = new ArrayList<>();
        RunningQuickstart first = RunningQuickstart.on(dataDir);
        try (first) {
            first.client().restock("product_1", STOCK);
            accepted.addAll(placeMany(first.client(), ORDERS));
            first.kill();
        }
        try (RunningQuickstart second = first.again()) {
            Client client = second.client();
            awaitAllEnded(client);
            assertSumsAreRight(client, accepted);

            List<String> more = placeMany(client, ORDERS / 5);
            second.killPostgres();
            await("orders are accepted again")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> accepted.add(client.place(order(0))));
            accepted.addAll(more);
            awaitAllEnded(client);
            assertSumsAreRight(client, accepted);
            SagaLogs.allFoldToTheirRows(dataDir);
            second.stop();
        }
    }

    /** From several callers at once; every fifth is declined, every seventh undeliverable. */
    private static List<String> placeMany(Client client, int count) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                Map<String, Object> order = order(i);
                calls.add(() -> client.place(order));
            }
            List<String> orderIds = new ArrayList<>();
            for (Future<String> call : callers.invokeAll(calls)) {
                orderIds.add(call.get());
            }
            return orderIds;
        } finally {
            callers.shutdownNow();
            assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Map<String, Object> order(int number) {
        Map<String, Object> order = Client.order("user_" + (1 + number % 5), "product_1", 1);
        if (number % 5 == 1) {
            order.put("paymentMethod", "declined");
        } else if (number % 7 == 1) {
            order.put("address", "undeliverable");
        }
        return order;
    }

    private static void awaitAllEnded(Client client) {
        await("end of all orders")
                .atMost(END_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(client::isAllEnded);
    }

    private static void assertSumsAreRight(Client client, List<String> accepted) {
        Map<String, String> orders = client.orderStatuses();
        Map<String, List<String>> payments = client.paymentStatuses();
        Map<String, List<String>> deliveries = client.deliveryStatuses();
        assertThat(orders.keySet()).containsAll(accepted);
        int completed = 0;
        for (Map.Entry<String, String> order : orders.entrySet()) {
            List<String> paid = payments.getOrDefault(order.getKey(), List.of());
            if (order.getValue().equals("COMPLETED")) {
                completed++;
                assertThat(paid).as("payments of %s", order).containsExactly("COMPLETED");
                assertThat(deliveries.get(order.getKey()))
                        .as("deliveries of %s", order)
                        .hasSize(1);
            } else {
                assertThat(paid)
                        .as("payments of %s", order)
                        .hasSizeLessThanOrEqualTo(1)
                        .isSubsetOf("REFUNDED", "DECLINED", "CANCELLED");
            }
        }
        assertThat(completed).isPositive();
        assertThat(client.available("product_1")).isEqualTo(STOCK - completed);
    }
}
