package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaState;

/** People who look at a saga, think, and ask for something. */
final class Operators {

    private static final long LATENCY = Agenda.MILLI;
    private static final long LONGEST_THOUGHT = 3 * Agenda.SECOND;

    private final World world;
    private final SagaTable table;
    private final List<ModelOrchestrator> orchestrators;

    Operators(World world, SagaTable table, List<ModelOrchestrator> orchestrators) {
        this.world = world;
        this.table = table;
        this.orchestrators = orchestrators;
    }

    static Fault fault(SagaEvent event) {
        if (event instanceof SagaEvent.ReplayRequested) {
            return Fault.OPERATOR_REPLAY;
        }
        if (event instanceof SagaEvent.SkipRequested) {
            return Fault.OPERATOR_SKIP;
        }
        return event instanceof SagaEvent.AbandonRequested ? Fault.OPERATOR_ABANDON : Fault.OPERATOR_COMPENSATE;
    }

    static String name(SagaEvent event) {
        if (event instanceof SagaEvent.ReplayRequested) {
            return "operator replay";
        }
        if (event instanceof SagaEvent.SkipRequested) {
            return "operator skip";
        }
        return event instanceof SagaEvent.AbandonRequested ? "operator abandon" : "operator compensate";
    }

    /** Somebody may feel like doing something. */
    void look() {
        if (table.size() == 0) {
            return;
        }
        consider(Fault.OPERATOR_REPLAY, new SagaEvent.ReplayRequested("operator:ada", "repaired"), true);
        consider(Fault.OPERATOR_SKIP, new SagaEvent.SkipRequested("operator:ada", "done by hand"), true);
        consider(Fault.OPERATOR_ABANDON, new SagaEvent.AbandonRequested("operator:ada", "written off"), true);
        consider(Fault.OPERATOR_COMPENSATE, new SagaEvent.CompensateRequested("operator:ada", "fraud"), false);
    }

    private void consider(Fault fault, SagaEvent event, boolean stuckOnly) {
        if (!world.faults.strike(fault)) {
            return;
        }
        List<SagaTable.Row> choices = new ArrayList<>();
        table.rows().forEach(row -> {
            if ((row.instance().state() == SagaState.STUCK) == stuckOnly) {
                choices.add(row);
            }
        });
        if (!choices.isEmpty()) {
            SagaTable.Row row = choices.get((int) world.faults.between(fault, 0, choices.size() - 1));
            boolean careful = world.faults.between(fault, 0, 1) == 0;
            long thought = world.faults.between(fault, 0, LONGEST_THOUGHT);
            world.agenda.in(thought, () -> ask(row, event, careful ? row.version() : null));
        }
    }

    private void ask(SagaTable.Row seen, SagaEvent event, @Nullable Long expectedVersion) {
        ModelOrchestrator orchestrator = world.dice.pick(orchestrators);
        if (orchestrator.node().isUp()) {
            List<Arrival> asked = List.of(new Arrival.Operation(seen.instance().id(), event, expectedVersion));
            orchestrator.node().in(LATENCY, () -> orchestrator.handle(asked, done -> {}));
        }
    }

    /** What is stuck is replayed; what can never be sent is skipped. Returns how many sagas there were. */
    int settle() {
        int stuck = 0;
        for (SagaTable.Row row : table.rows()) {
            if (row.instance().state() == SagaState.STUCK) {
                stuck++;
                boolean hopeless = row.instance().steps().values().stream()
                        .anyMatch(step -> step.needsOperator() && Definitions.UNBUILDABLE.equals(step.reason()));
                ask(
                        row,
                        hopeless
                                ? new SagaEvent.SkipRequested("operator:bob", "cannot be made")
                                : new SagaEvent.ReplayRequested("operator:bob", "all is well again"),
                        null);
            }
        }
        return stuck;
    }
}
