package dev.counterstep.benchmark.load;

import java.util.List;
import java.util.UUID;

/**
 * What accepts orders and brings each to its end: the product, the floor, or the product's REST API. Whoever makes one tells it
 * whom to tell of ends. Safe for use by several threads.
 */
public interface OrderSystem extends AutoCloseable {

    /**
     * Accepts orders. When it returns, all of them are durable; when it throws, none need be.
     *
     * @return their ids, in the order given
     */
    List<UUID> place(List<NewOrder> orders);

    @Override
    void close();
}
