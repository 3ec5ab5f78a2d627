package dev.counterstep.benchmark.load;

import java.math.BigDecimal;

/**
 * An order as the benchmark places it.
 *
 * @param customerId who orders
 * @param productId what, one of {@link NewOrders#PRODUCTS}
 * @param amount what it costs, in EUR
 * @param paymentMethod {@code declined} is refused by the simulated gateway
 */
public record NewOrder(String customerId, String productId, BigDecimal amount, String paymentMethod) {

    /** How many of the product. */
    public static final int QUANTITY = 1;

    /** Where to. */
    public static final String ADDRESS = "Main Street 1, 12345 Springfield";

    /** The saga definition that runs it. */
    public static final String FLOW = "order-core";

    /** What it is paid in. */
    public static final String CURRENCY = "EUR";

    /** The payment method that is refused. */
    public static final String DECLINED = "declined";

    /** Whether its payment will be refused. */
    public boolean isDeclined() {
        return paymentMethod.equals(DECLINED);
    }
}
