package dev.counterstep.orchestrator.simulation;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.simulation.Ledger.Effect;
import dev.counterstep.orchestrator.simulation.Message.Order;

/** Holds what has become of everything against what was promised, once a run is over. */
final class Checker {

    private final World world;
    private final SagaTable table;
    private final Definitions definitions;
    private final Set<Order> accepted;

    Checker(World world, SagaTable table, Definitions definitions, Set<Order> accepted) {
        this.world = world;
        this.table = table;
        this.definitions = definitions;
        this.accepted = accepted;
    }

    void check(boolean converged, Supplier<String> unfinished) {
        for (Order order : accepted) {
            long sagas = 0;
            for (SagaTable.Row row : table.rows()) {
                sagas += isOf(order, row.instance()) ? 1 : 0;
            }
            if (sagas != 1) {
                world.violated(
                        Check.EACH_ACCEPTED_ORDER_HAS_ONE_SAGA, order.businessKey() + " has " + sagas + " sagas");
            }
        }
        if (!converged) {
            world.violated(Check.EVERYTHING_ENDS, "not at rest: " + unfinished.get());
        }
        for (SagaTable.Row row : table.rows()) {
            check(row.instance());
        }
    }

    private static boolean isOf(Order order, SagaInstance saga) {
        return saga.definition().equals(order.definition())
                && saga.businessKey().equals(order.businessKey());
    }

    private void check(SagaInstance saga) {
        SagaDefinition definition = definitions.find(saga.definition(), saga.definitionVersion());
        world.coverage.count(saga.state());
        for (StepInstance step : saga.steps().values()) {
            world.coverage.count(step.status());
        }
        List<SagaLogEntry> log = table.log(saga.id());
        List<Effect> effects = world.ledger.of(saga.id());
        SagaChecks checks =
                new SagaChecks(world::violated, definition, saga, log, effects, world.ledger.bookings(saga.id()));
        checks.checkHistory();
        checks.checkEnd();
    }
}
