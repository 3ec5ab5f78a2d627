package dev.counterstep.benchmark.load;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes orders, the same ones in the same sequence each time. Safe for use by several threads. */
public final class NewOrders {

    /** So many products there are, {@code bench-0} and on: as many as keep stock rows from being what is measured. */
    public static final int PRODUCTS = 1000;

    /** What is in stock of each at first: more than any run sells. */
    public static final int STOCK = 1_000_000_000;

    private static final int CUSTOMERS = 1000;
    private static final BigDecimal AMOUNT = new BigDecimal("49.90");

    private final double declineRate;
    private final AtomicLong next = new AtomicLong();

    /** @param declineRate the share of orders whose payment is refused, 0-1, spread evenly */
    public NewOrders(double declineRate) {
        this.declineRate = declineRate;
    }

    /** The next orders. */
    public List<NewOrder> take(int count) {
        long first = next.getAndAdd(count);
        List<NewOrder> orders = new ArrayList<>(count);
        for (long number = first; number < first + count; number++) {
            orders.add(order(number));
        }
        return orders;
    }

    /** The id of a product. */
    public static String product(long number) {
        return "bench-" + number % PRODUCTS;
    }

    private NewOrder order(long number) {
        boolean declined = Math.floor((number + 1) * declineRate) > Math.floor(number * declineRate);
        return new NewOrder(
                "customer-" + number % CUSTOMERS, product(number), AMOUNT, declined ? NewOrder.DECLINED : "card");
    }
}
