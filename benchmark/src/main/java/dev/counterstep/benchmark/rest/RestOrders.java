package dev.counterstep.benchmark.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.counterstep.benchmark.load.NewOrder;
import dev.counterstep.benchmark.load.OrderSystem;

/** order-service over HTTP, each writer on a connection that stays open. Ends are read from {@code order.events}. */
public final class RestOrders implements OrderSystem {

    private final URI orderService;
    private final OrderEventReader ends;
    private final Queue<HttpConnection> connections = new ConcurrentLinkedQueue<>();

    /**
     * Starts to read ends.
     *
     * @param orderService the service's address without a path
     * @param kafka where Kafka's clients connect
     * @param ended told of each order that has ended
     */
    public RestOrders(String orderService, String kafka, Consumer<UUID> ended) {
        this.orderService = URI.create(orderService);
        this.ends = OrderEventReader.start(kafka, ended);
    }

    @Override
    public List<UUID> place(List<NewOrder> orders) {
        HttpConnection free = connections.poll();
        try {
            HttpConnection connection =
                    free == null ? new HttpConnection(orderService.getHost(), orderService.getPort()) : free;
            List<UUID> ids =
                    orders.stream().map(order -> placeOne(connection, order)).toList();
            if (connection.hasEnded()) {
                connection.close();
            } else {
                connections.add(connection);
            }
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connections, which must be idle: whoever waits for its turn may find them closed by the service. */
    public void hangUp() {
        for (HttpConnection idle = connections.poll(); idle != null; idle = connections.poll()) {
            idle.close();
        }
    }

    @Override
    public void close() {
        ends.close();
        hangUp();
    }

    private static UUID placeOne(HttpConnection connection, NewOrder order) {
        try {
            String answer = connection.post("/orders", json(order));
            int id = answer.indexOf("\"orderId\":\"") + "\"orderId\":\"".length();
            return UUID.fromString(answer.substring(id, answer.indexOf('"', id)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(NewOrder order) {
        return ("{\"customerId\":\"%s\",\"productId\":\"%s\",\"quantity\":%d,\"amount\":%s,\"currency\":\"%s\",\"flow\":\"%s\","
                        + "\"paymentMethod\":\"%s\",\"address\":\"%s\"}")
                .formatted(
                        order.customerId(),
                        order.productId(),
                        NewOrder.QUANTITY,
                        order.amount(),
                        NewOrder.CURRENCY,
                        NewOrder.FLOW,
                        order.paymentMethod(),
                        NewOrder.ADDRESS);
    }
}
