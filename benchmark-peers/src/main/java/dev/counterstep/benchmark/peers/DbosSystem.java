package dev.counterstep.benchmark.peers;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;

import dev.counterstep.benchmark.load.NewOrder;
import dev.counterstep.benchmark.load.OrderSystem;

/**
 * The saga on DBOS Transact: a durable function whose every step is recorded once it is done. Its steps are plain ones on
 * statements that may be repeated: DBOS's transactional steps would write a second record of each.
 */
final class DbosSystem implements OrderSystem {

    private static final int CONNECTIONS = 24;

    private final DBOS dbos;
    private final HikariDataSource pool;
    private final Saga saga;

    private DbosSystem(DBOS dbos, HikariDataSource pool, Consumer<UUID> ended) {
        this.dbos = dbos;
        this.pool = pool;
        this.saga = dbos.registerProxy(Saga.class, new OrderSaga(dbos, new OrderSteps(pool), ended));
    }

    /** What DBOS makes durable. */
    interface Saga {
        void run(String order, String customer, String product, String amount, String paymentMethod)
                throws SQLException;
    }

    /** @param ended told of each order whose end is committed */
    static DbosSystem start(PeersDatabase database, Consumer<UUID> ended) throws SQLException {
        HikariDataSource pool = database.pool(CONNECTIONS);
        DbosSystem system =
                new DbosSystem(new DBOS(DBOSConfig.defaults("order-core").withDataSource(pool)), pool, ended);
        system.dbos.launch();
        database.defineOpenSagas("SELECT workflow_uuid FROM dbos.workflow_status WHERE status <> 'SUCCESS'");
        return system;
    }

    @Override
    public List<UUID> place(List<NewOrder> orders) {
        return orders.stream().map(this::place).toList();
    }

    private UUID place(NewOrder order) {
        UUID id = OrderSteps.nextId();
        dbos.startWorkflow(
                () -> saga.run(
                        id.toString(),
                        order.customerId(),
                        order.productId(),
                        order.amount().toPlainString(),
                        order.paymentMethod()),
                new StartWorkflowOptions(id.toString()));
        return id;
    }

    @Override
    public void close() {
        dbos.close();
        pool.close();
    }

    private static final class OrderSaga implements Saga {

        private final DBOS dbos;
        private final OrderSteps steps;
        private final Consumer<UUID> ended;

        OrderSaga(DBOS dbos, OrderSteps steps, Consumer<UUID> ended) {
            this.dbos = dbos;
            this.steps = steps;
            this.ended = ended;
        }

        @Override
        @Workflow
        public void run(String order, String customer, String product, String amount, String paymentMethod) {
            UUID id = UUID.fromString(order);
            NewOrder accepted = new NewOrder(customer, product, new BigDecimal(amount), paymentMethod);
            dbos.runStep(() -> steps.accept(Map.of(id, accepted)), "accept-order");
            dbos.runStep(() -> steps.reserve(id), "reserve-inventory");
            boolean paid = dbos.runStep(() -> steps.pay(id), "process-payment");
            if (paid) {
                dbos.runStep(() -> steps.deliver(id), "schedule-delivery");
                dbos.runStep(() -> steps.complete(id), "complete-order");
            } else {
                dbos.runStep(() -> steps.release(id), "release-inventory");
                dbos.runStep(() -> steps.cancel(id), "cancel-order");
            }
            ended.accept(id);
        }
    }
}
