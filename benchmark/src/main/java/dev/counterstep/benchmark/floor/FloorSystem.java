package dev.counterstep.benchmark.floor;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.benchmark.load.NewOrder;
import dev.counterstep.benchmark.load.OrderSystem;
import dev.counterstep.migrations.ServiceDatabase;
import dev.counterstep.quickstart.EmbeddedStack;

/**
 * What the machine can do at most: five services as one thread each, with one connection, one consumer and one producer, that
 * write the product's rows into the product's tables and send the product's messages over its topics. A batch is what was polled
 * at once, at most a thousand messages, and one commit. There is no orchestration here: the one saga it can do is written down in
 * code, and whatever can go wrong but for a process that dies goes wrong.
 */
public final class FloorSystem implements OrderSystem {

    private static final Logger LOG = LoggerFactory.getLogger(FloorSystem.class);
    private static final String BATCH = "1000";
    private static final int TIDY_MILLIS = 100;
    private static final long STOP_MILLIS = 5_000;

    private final EmbeddedStack stack;
    private final OrderEntry entry;
    private final Timer tidying = new Timer("floor-tidying", true);
    private final List<FloorService> services = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private FloorSystem(EmbeddedStack stack, Consumer<UUID> ended) throws SQLException {
        this.stack = stack;
        Database orders = keep(database(ServiceDatabase.ORDERS));
        this.entry = new OrderEntry(orders, new FloorOutbox(orders, keep(producer())));
        add(
                ServiceDatabase.ORCHESTRATOR,
                new SagaFloor(),
                "order.events",
                "inventory.replies",
                "payment.replies",
                "delivery.replies",
                "order.replies");
        add(ServiceDatabase.ORDERS, new OrderFloor(ended), "order.commands", "notifications.high", "notifications.low");
        add(ServiceDatabase.INVENTORY, new InventoryFloor(), "inventory.commands");
        add(ServiceDatabase.PAYMENTS, new PaymentFloor(), "payment.commands");
        add(ServiceDatabase.DELIVERIES, new DeliveryFloor(), "delivery.commands");
    }

    /**
     * Starts the five threads.
     *
     * @param ended told of each order whose end is committed
     */
    public static FloorSystem start(EmbeddedStack stack, Consumer<UUID> ended) throws SQLException {
        FloorSystem floor = new FloorSystem(stack, ended);
        floor.defineSaga();
        floor.threads.forEach(Thread::start);
        floor.tidying.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        floor.tidy();
                    }
                },
                TIDY_MILLIS,
                TIDY_MILLIS);
        return floor;
    }

    @Override
    public List<UUID> place(List<NewOrder> orders) {
        return entry.place(orders);
    }

    @Override
    public void close() {
        tidying.cancel();
        services.forEach(FloorService::stop);
        try {
            for (Thread thread : threads) {
                thread.join(STOP_MILLIS);
            }
            for (AutoCloseable resource : resources) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.warn("the floor did not stop cleanly", e);
        }
    }

    /** What a saga's row refers to. */
    private void defineSaga() throws SQLException {
        try (Database orchestrator = database(ServiceDatabase.ORCHESTRATOR)) {
            orchestrator
                    .columns(List.of(NewOrder.FLOW))
                    .with("text", name -> name)
                    .update("""
                            INSERT INTO saga_definition (name, version, checksum, source)
                            SELECT name, 1, repeat('0', 64), 'written down in code' FROM unnest(?::text[]) AS d (name)
                            """);
            orchestrator.commit();
        }
    }

    private void add(ServiceDatabase home, FloorService.Handler handler, String... topics) throws SQLException {
        Database database = keep(database(home));
        var consumer = new KafkaConsumer<byte[], byte[]>(Map.of(
                "bootstrap.servers",
                stack.kafkaBootstrap(),
                "group.id",
                "floor-" + home.databaseName(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class,
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                BATCH));
        consumer.subscribe(List.of(topics));
        FloorService service =
                new FloorService(database, new FloorOutbox(database, keep(producer())), consumer, handler);
        services.add(service);
        threads.add(new Thread(service, "floor-" + home.databaseName()));
    }

    private Database database(ServiceDatabase database) throws SQLException {
        return new Database(
                stack.jdbcUrl(database.databaseName()), database.appRole(), stack.password(database.appRole()));
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                stack.kafkaBootstrap(),
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "acks",
                "all",
                "enable.idempotence",
                "true",
                "linger.ms",
                "0"));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        resources.add(resource);
        return resource;
    }

    private void tidy() {
        try {
            entry.tidy();
        } catch (SQLException | ExecutionException e) {
            LOG.error("the floor's entry cannot be tidied", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
