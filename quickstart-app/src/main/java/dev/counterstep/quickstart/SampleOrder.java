package dev.counterstep.quickstart;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An order of the README, and how it must end.
 *
 * @param title what it shows
 * @param request the body of {@code POST /orders}
 * @param status how it ends
 * @param reason words that the reason of its end contains
 * @param undone the steps whose compensation must be in its saga's log
 */
record SampleOrder(String title, Map<String, Object> request, String status, String reason, List<String> undone) {

    private static final String COMPLETED = "COMPLETED";
    private static final String CANCELLED = "CANCELLED";

    /** All of them. */
    static List<SampleOrder> all() {
        return List.of(
                new SampleOrder(
                        "a good order",
                        request("user_123", "product_1", 2, "199.99", Map.of()),
                        COMPLETED,
                        "",
                        List.of()),
                new SampleOrder(
                        "more than there is in stock",
                        request("user_insufficient", "product_3", 100, "4999.99", Map.of()),
                        CANCELLED,
                        "stock",
                        List.of("order")),
                new SampleOrder(
                        "a payment that is declined",
                        request("user_1", "product_1", 1, "99.99", Map.of("paymentMethod", "declined")),
                        CANCELLED,
                        "declined",
                        List.of("reserve-inventory", "order")),
                new SampleOrder(
                        "an address nobody delivers to",
                        request("user_2", "product_2", 1, "49.99", Map.of("address", "undeliverable")),
                        CANCELLED,
                        "undeliverable",
                        List.of("process-payment", "reserve-inventory", "order")),
                new SampleOrder(
                        "a customer nobody knows",
                        request("user_unknown", "product_1", 1, "99.99", Map.of()),
                        CANCELLED,
                        "unknown",
                        List.of("order")),
                new SampleOrder(
                        "payment before stock",
                        request("cust_happy_path", "prod_123", 2, "250.50", Map.of("flow", "payment-first-order")),
                        COMPLETED,
                        "",
                        List.of()),
                new SampleOrder(
                        "payment before stock, and too little stock",
                        request("cust_large_quantity", "prod_123", 10, "250.00", Map.of("flow", "payment-first-order")),
                        CANCELLED,
                        "stock",
                        List.of("process-payment", "order")),
                new SampleOrder(
                        "a product that inventory cannot process",
                        request("cust_dlq_test", "prod_ignore", 1, "99.00", Map.of()),
                        CANCELLED,
                        "",
                        List.of("order")));
    }

    private static Map<String, Object> request(
            String customer, String product, int quantity, String amount, Map<String, Object> more) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("customerId", customer);
        request.put("productId", product);
        request.put("quantity", quantity);
        request.put("amount", new BigDecimal(amount));
        request.putAll(more);
        return request;
    }
}
