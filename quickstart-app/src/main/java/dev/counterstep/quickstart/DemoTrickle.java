package dev.counterstep.quickstart;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places an order every few seconds so that there is something to see: most of them good, some failing by design. It touches
 * one product only, whose stock it tops up, so that it never changes what the commands of the documentation find.
 */
final class DemoTrickle implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DemoTrickle.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final String PRODUCT = "product_2";
    private static final int FULL_STOCK = 50;
    private static final int LOW_STOCK = 10;

    private final Api api;
    private final Random random = new Random();
    private final CountDownLatch end = new CountDownLatch(1);

    DemoTrickle(Api api) {
        this.api = api;
    }

    void start() {
        Thread thread = new Thread(this::run, "demo");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        end.countDown();
    }

    private void run() {
        try {
            while (!end.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                placeOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void placeOne() throws InterruptedException {
        try {
            if (api.available(PRODUCT) < LOW_STOCK) {
                api.restock(PRODUCT, FULL_STOCK);
            }
            api.placeOrder(order(random.nextInt(10)));
        } catch (IOException e) {
            log.info("The demo could not place its order, and tries another: {}", e.getMessage());
        }
    }

    /** Six good orders of ten. */
    private Map<String, Object> order(int kind) {
        int quantity = kind == 6 ? 10_000 : 1 + random.nextInt(2);
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("customerId", kind == 9 ? "cust_blocked" : "user_" + (1 + random.nextInt(5)));
        order.put("productId", PRODUCT);
        order.put("quantity", quantity);
        order.put("amount", BigDecimal.valueOf(4999L * quantity, 2));
        order.put("flow", kind == 0 ? "payment-first-order" : "order-fulfilment");
        if (kind == 7) {
            order.put("paymentMethod", "declined");
        }
        if (kind == 8) {
            order.put("address", "undeliverable");
        }
        return order;
    }
}
