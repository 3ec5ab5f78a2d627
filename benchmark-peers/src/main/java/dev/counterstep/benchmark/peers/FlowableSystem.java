package dev.counterstep.benchmark.peers;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import com.fasterxml.uuid.Generators;
import com.zaxxer.hikari.HikariDataSource;
import org.flowable.common.engine.impl.async.AsyncTaskExecutorConfiguration;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.common.engine.impl.persistence.StrongUuidGenerator;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.RuntimeService;
import org.flowable.engine.delegate.BpmnError;
import org.flowable.engine.delegate.DelegateExecution;
import org.flowable.engine.delegate.JavaDelegate;
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
    private static final String PROCESS = "order-core";

    private final ProcessEngine engine;
    private final HikariDataSource pool;
    private final OrderSteps steps;
    private final TransactionTemplate transactions;

    private FlowableSystem(
            ProcessEngine engine, HikariDataSource pool, OrderSteps steps, TransactionTemplate transactions) {
        this.engine = engine;
        this.pool = pool;
        this.steps = steps;
        this.transactions = transactions;
    }

    /** @param ended told of each order whose end is committed */
    static FlowableSystem start(PeersDatabase database, Consumer<UUID> ended) throws SQLException {
        HikariDataSource pool = database.pool(WORKERS + STARTERS + SPARE);
        OrderSteps steps = new OrderSteps(new TransactionAwareDataSourceProxy(pool));
        DataSourceTransactionManager manager = new DataSourceTransactionManager(pool);
        SpringProcessEngineConfiguration configuration = configuration(new Tasks(steps, ended).beans());
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

    private static SpringProcessEngineConfiguration configuration(Map<Object, Object> beans) {
        SpringProcessEngineConfiguration configuration = new SpringProcessEngineConfiguration();
        configuration.setBeans(beans);
        configuration.setDatabaseSchemaUpdate("true");
        configuration.setHistoryLevel(HistoryLevel.NONE);
        configuration.setIdGenerator(new StrongUuidGenerator());
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
        orders.forEach(order -> placed.put(Generators.timeBasedEpochGenerator().generate(), order));
        RuntimeService runtime = engine.getRuntimeService();
        transactions.executeWithoutResult(transaction -> {
            try {
                steps.accept(placed);
            } catch (SQLException e) {
                throw new IllegalStateException("orders cannot be placed", e);
            }
            placed.keySet().forEach(id -> runtime.startProcessInstanceByKey(PROCESS, id.toString()));
        });
        return List.copyOf(placed.keySet());
    }

    @Override
    public void close() {
        engine.close();
        pool.close();
    }

    /** The service tasks, by the names that the process knows them by. */
    private record Tasks(OrderSteps steps, Consumer<UUID> ended) {

        @FunctionalInterface
        private interface Step {
            void run(UUID order) throws SQLException;
        }

        Map<Object, Object> beans() {
            return Map.of(
                    "reserve", task(steps::reserve),
                    "pay", task(this::pay),
                    "release", task(steps::release),
                    "cancel", lastTask(steps::cancel),
                    "deliver", task(steps::deliver),
                    "complete", lastTask(steps::complete));
        }

        private void pay(UUID order) throws SQLException {
            if (!steps.pay(order)) {
                throw new BpmnError("declined");
            }
        }

        private static JavaDelegate task(Step step) {
            return execution -> run(step, order(execution));
        }

        private JavaDelegate lastTask(Step step) {
            return execution -> {
                UUID order = order(execution);
                run(step, order);
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        ended.accept(order);
                    }
                });
            };
        }

        private static UUID order(DelegateExecution execution) {
            return UUID.fromString(execution.getProcessInstanceBusinessKey());
        }

        private static void run(Step step, UUID order) {
            try {
                step.run(order);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
