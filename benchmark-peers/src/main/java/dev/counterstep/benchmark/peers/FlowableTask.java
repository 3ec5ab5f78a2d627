package dev.counterstep.benchmark.peers;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.flowable.engine.delegate.DelegateExecution;
import org.flowable.engine.delegate.JavaDelegate;

/**
 * Every service task of the process, told apart by its id. Flowable makes it by its class's name, so what it does is the same in the
 * whole JVM: for an expression, Flowable would first ask the database for a variable of that name, twice a task.
 */
public final class FlowableTask implements JavaDelegate {

    private static final Map<String, Consumer<UUID>> TASKS = new ConcurrentHashMap<>();

    static void define(Map<String, Consumer<UUID>> tasks) {
        TASKS.putAll(tasks);
    }

    @Override
    public void execute(DelegateExecution execution) {
        UUID order = UUID.fromString(execution.getProcessInstanceBusinessKey());
        Objects.requireNonNull(TASKS.get(execution.getCurrentActivityId())).accept(order);
    }
}
