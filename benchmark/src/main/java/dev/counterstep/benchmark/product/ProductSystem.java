package dev.counterstep.benchmark.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.event.TransactionalEventListener;

import dev.counterstep.benchmark.load.NewOrder;
import dev.counterstep.benchmark.load.OrderSystem;
import dev.counterstep.order.OrderEnded;
import dev.counterstep.order.OrderRequest;
import dev.counterstep.order.PlaceOrderBatch;
import dev.counterstep.quickstart.EmbeddedStack;

/** Counterstep's five services, as {@code ./quickstart} runs them; orders are placed by order-service's own code. */
public final class ProductSystem implements OrderSystem {

    private static final String DEFINITION = NewOrder.FLOW + ".yaml";

    private final PlaceOrderBatch placement;

    private ProductSystem(PlaceOrderBatch placement) {
        this.placement = placement;
    }

    /**
     * Starts the services.
     *
     * @param stack stops them when it is closed
     * @param definitions a folder for the benchmark's saga definition
     * @param springProperties for all five, over the benchmark's own
     * @param ended told of each order whose end is committed
     */
    public static ProductSystem start(
            EmbeddedStack stack, Path definitions, Map<String, String> springProperties, Consumer<UUID> ended)
            throws InterruptedException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(
                "counterstep.definitions.folder", copyDefinition(definitions).toString());
        properties.put("counterstep.order.flows", NewOrder.FLOW);
        // A batch of payments at saturation: the simulated gateway and carrier commit what is called at once together.
        properties.put("counterstep.messaging.external-calls", "256");
        properties.putAll(springProperties);
        return new ProductSystem(stack.startServices(
                        properties,
                        context ->
                                ((GenericApplicationContext) context).registerBean(Ends.class, () -> new Ends(ended)))
                .getBean(PlaceOrderBatch.class));
    }

    @Override
    public List<UUID> place(List<NewOrder> orders) {
        return placement.place(orders.stream().map(ProductSystem::request).toList());
    }

    /** Without effect: the stack stops the services. */
    @Override
    public void close() {}

    private static OrderRequest request(NewOrder order) {
        return new OrderRequest(
                order.customerId(),
                order.productId(),
                NewOrder.QUANTITY,
                order.amount(),
                NewOrder.CURRENCY,
                NewOrder.FLOW,
                order.paymentMethod(),
                NewOrder.ADDRESS);
    }

    private static Path copyDefinition(Path folder) {
        try (InputStream definition = ProductSystem.class.getResourceAsStream("/benchmark/" + DEFINITION)) {
            Files.createDirectories(folder);
            Files.copy(Objects.requireNonNull(definition), folder.resolve(DEFINITION));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bean of order-service's context. */
    private static final class Ends {

        private final Consumer<UUID> ended;

        Ends(Consumer<UUID> ended) {
            this.ended = ended;
        }

        @TransactionalEventListener
        @SuppressWarnings("UnusedMethod") // Spring calls it
        void ended(OrderEnded event) {
            ended.accept(event.orderId());
        }
    }
}
