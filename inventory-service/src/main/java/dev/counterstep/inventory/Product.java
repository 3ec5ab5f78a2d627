package dev.counterstep.inventory;

import java.time.Instant;

/** A product's stock: what is promised is never more than there was. Whoever changes it locks its row. */
final class Product {

    private final String id;
    private final Instant updatedAt;
    private int available;
    private int reserved;

    /** As it is stored. */
    Product(String id, int available, int reserved, Instant updatedAt) {
        this.id = id;
        this.available = available;
        this.reserved = reserved;
        this.updatedAt = updatedAt;
    }

    /**
     * Takes from what is free.
     *
     * @return false when there is not enough; then nothing has changed
     * @throws ArithmeticException when more would be promised than can be counted
     */
    boolean reserve(int quantity) {
        if (available < quantity) {
            return false;
        }
        reserved = Math.addExact(reserved, quantity);
        available -= quantity;
        return true;
    }

    /**
     * Gives back to what is free.
     *
     * @throws IllegalStateException when less is promised than that: somebody has tampered with the stock
     * @throws ArithmeticException when more would be free than can be counted
     */
    void release(int quantity) {
        if (reserved < quantity) {
            throw new IllegalStateException(
                    "product %s has %d reserved, asked to release %d".formatted(id, reserved, quantity));
        }
        available = Math.addExact(available, quantity);
        reserved -= quantity;
    }

    String id() {
        return id;
    }

    /** What can still be promised. */
    int available() {
        return available;
    }

    /** What is promised to orders. */
    int reserved() {
        return reserved;
    }

    /** When its stored stock last changed. */
    Instant updatedAt() {
        return updatedAt;
    }
}
