package dev.counterstep.benchmark.peers;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import com.zaxxer.hikari.HikariDataSource;
import org.flowable.common.engine.impl.async.AsyncTaskExecutorConfiguration;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.common.engine.impl.persistence.StrongUuidGenerator;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.RuntimeService;
import org.flowable.engine.delegate.BpmnError;
import org.flowable.spring.SpringProcessEngineConfiguration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.benchmark.load.NewOrder;
import dev.counterstep.benchmark.load.OrderSystem;

/**
 * The saga on Flowable: a BPMN process of asynchronous service tasks, whose participant's rows and engine's rows are written in one
 * transaction a step. Jobs go from one step to the next in memory, with the table as safety net.
 */
final class FlowableSystem implements OrderSystem {

    private static final int WORKERS = 24;
    private static final int STARTERS = 2;
    private static final int SPARE = 4;
    private static final int QUEUE = 10_000;

    private final ProcessEngine engine;
    private final HikariDataSource pool;
    private final OrderSteps steps;
    private final TransactionTemplate transactions;
    private final String process;

    private FlowableSystem(
            ProcessEngine engine, HikariDataSource pool, OrderSteps steps, TransactionTemplate transactions) {
        this.engine = engine;
        this.process = engine.getRepositoryService()
                .createProcessDefinitionQuery()
                .singleResult()
                .getId();
        this.pool = pool;
        this.steps = steps;
        this.transactions = transactions;
    }

    /** @param ended told of each order whose end is committed */
    static FlowableSystem start(PeersDatabase database, Consumer<UUID> ended) throws SQLException {
        HikariDataSource pool = database.pool(WORKERS + STARTERS + SPARE);
        OrderSteps steps = new OrderSteps(new TransactionAwareDataSourceProxy(pool));
        DataSourceTransactionManager manager = new DataSourceTransactionManager(pool);
        FlowableTask.define(tasks(steps, ended));
        SpringProcessEngineConfiguration configuration = configuration();
        configuration.setDataSource(pool);
        configuration.setTransactionManager(manager);
        ProcessEngine engine = configuration.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addClasspathResource("peers/order-core.bpmn20.xml")
                .deploy();
        engine.startExecutors();
        database.defineOpenSagas("SELECT id_ FROM act_ru_execution");
        return new FlowableSystem(engine, pool, steps, new TransactionTemplate(manager));
    }

    private static SpringProcessEngineConfiguration configuration() {
        SpringProcessEngineConfiguration configuration = new SpringProcessEngineConfiguration();
        configuration.setDatabaseSchemaUpdate("true");
        configuration.setHistoryLevel(HistoryLevel.NONE);
        configuration.setIdGenerator(new StrongUuidGenerator());
        configuration.getPerformanceSettings().setEnableLocalization(false);
        configuration.setDisableIdmEngine(true);
        configuration.setDisableEventRegistry(true);
        configuration.setAsyncExecutorActivate(true);
        AsyncTaskExecutorConfiguration workers = new AsyncTaskExecutorConfiguration();
        workers.setCorePoolSize(WORKERS);
        workers.setMaxPoolSize(WORKERS);
        workers.setQueueSize(QUEUE);
        workers.setAllowCoreThreadTimeout(false);
        workers.setAwaitTerminationPeriod(Duration.ofSeconds(5));
        configuration.setAsyncExecutorTaskExecutorConfiguration(workers);
        return configuration;
    }

    /** One transaction for all of them. */
    @Override
    public List<UUID> place(List<NewOrder> orders) {
        Map<UUID, NewOrder> placed = new LinkedHashMap<>();
        orders.forEach(order -> placed.put(OrderSteps.nextId(), order));
        RuntimeService runtime = engine.getRuntimeService();
        transactions.executeWithoutResult(transaction -> {
            steps.accept(placed);
            placed.keySet().forEach(id -> runtime.startProcessInstanceById(process, id.toString()));
        });
        return List.copyOf(placed.keySet());
    }

    @Override
    public void close() {
        engine.close();
        pool.close();
    }

    private static Map<String, Consumer<UUID>> tasks(OrderSteps steps, Consumer<UUID> ended) {
        return Map.of(
                "reserve-inventory",
                steps::reserve,
                "process-payment",
                order -> pay(steps, order),
                "release-inventory",
                steps::release,
                "cancel-order",
                order -> end(steps::cancel, order, ended),
                "schedule-delivery",
                steps::deliver,
                "complete-order",
                order -> end(steps::complete, order, ended));
    }

    private static void pay(OrderSteps steps, UUID order) {
        if (!steps.pay(order)) {
            throw new BpmnError("declined");
        }
    }

    private static void end(Consumer<UUID> step, UUID order, Consumer<UUID> ended) {
        step.accept(order);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                ended.accept(order);
            }
        });
    }
}
