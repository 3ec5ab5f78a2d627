package dev.counterstep.inventory;

/**
 * The body of {@code inventory.reserve}. A body that breaks a rule is a dead letter.
 *
 * @param orderId whom the stock is for, 1 to 256 characters
 * @param productId what
 * @param quantity how many, at least 1
 */
record StockRequest(String orderId, String productId, int quantity) {

    private static final int MAX_ORDER_ID = 256;

    StockRequest {
        if (orderId.isEmpty() || orderId.length() > MAX_ORDER_ID) {
            throw new IllegalArgumentException("orderId must have 1 to " + MAX_ORDER_ID + " characters");
        }
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity must be at least 1, was " + quantity);
        }
    }
}
