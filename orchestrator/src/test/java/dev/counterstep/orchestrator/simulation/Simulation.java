package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.orchestrator.saga.SagaState;

/** One run: chaos, healing, convergence, and then the checker's verdict. */
final class Simulation {

    private static final long CHAOS = 25 * Agenda.SECOND;
    private static final long LOOK = 2 * Agenda.SECOND;
    private static final long PATIENCE = 600 * Agenda.SECOND;

    private final World world;
    private final Definitions definitions;
    private final ModelBroker broker;
    private final SagaTable table;
    private final Pauses pauses;
    private final Client client;
    private final Operators operators;
    private final List<Node> nodes = new ArrayList<>();
    private final List<ModelDatabase> databases = new ArrayList<>();
    private final List<ConsumerGroup> groups = new ArrayList<>();
    private final List<ModelOrchestrator> orchestrators = new ArrayList<>();

    private Simulation(Plan plan, Engine engine, Trace trace) {
        world = new World(plan, engine, trace);
        definitions = new Definitions(plan.seed());
        broker = new ModelBroker(world);
        table = new SagaTable(world);
        Dice sizes = new Dice(plan.seed(), 5);
        pauses = new Pauses(world, broker);
        OrchestratorShared shared = orchestrators(1 + sizes.below(3));
        for (int i = 0; i < Definitions.PARTICIPANTS; i++) {
            participant("p" + i, 1 + sizes.below(2));
        }
        ModelDatabase orders = database("orders");
        Node node = node("orders");
        client = new Client(world, node, orders, relay(node, orders, new HashSet<>()), orchestrators, table);
        operators = new Operators(world, table, orchestrators);
        nodes.forEach(Node::start);
        client.begin(definitions);
        new Chaos(world, nodes, groups, shared).begin(operators);
    }

    /** What came of a run. */
    record Result(Plan plan, List<Violation> violations, Coverage coverage, Set<Plan.Strike> struck, String trace) {

        boolean failed() {
            return !violations.isEmpty();
        }
    }

    static Result run(Plan plan, Engine engine, Trace trace) {
        Simulation simulation = new Simulation(plan, engine, trace);
        World world = simulation.world;
        try {
            simulation.run();
        } catch (RuntimeException e) {
            world.violated(Check.NOTHING_FAILS_UNEXPECTEDLY, String.valueOf(e));
        }
        return new Result(plan, world.violations(), world.coverage, world.faults.struck(), trace.text());
    }

    private OrchestratorShared orchestrators(int count) {
        ModelDatabase database = database("orchestrator");
        List<String> topics = new ArrayList<>(List.of("order.events"));
        for (int i = 0; i < Definitions.PARTICIPANTS; i++) {
            topics.add("p" + i + ".replies");
        }
        ConsumerGroup group = group(topics);
        var shared = new OrchestratorShared(database, table, definitions, broker, group, pauses, new Identities(world));
        Set<ModelRelay> atWork = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Node node = node("orchestrator-" + i);
            ModelRelay relay = new ModelRelay(world, node, database, broker, atWork, pauses::heldTopics);
            orchestrators.add(new ModelOrchestrator(world, node, shared, relay));
        }
        return shared;
    }

    private void participant(String name, int count) {
        ModelDatabase database = database(name);
        ConsumerGroup group = group(List.of(name + ".commands"));
        var shared = new ModelParticipant.Shared(
                database, new ModelInbox(), new ModelParticipant.Business(), new Gateway(world), broker, group);
        Set<ModelRelay> atWork = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Node node = node(name + "-" + i);
            new ModelParticipant(world, node, shared, relay(node, database, atWork));
        }
    }

    private ModelDatabase database(String name) {
        ModelDatabase database = new ModelDatabase(world, name);
        databases.add(database);
        return database;
    }

    private ConsumerGroup group(List<String> topics) {
        ConsumerGroup group = new ConsumerGroup(world, broker, topics);
        groups.add(group);
        return group;
    }

    private Node node(String name) {
        Node node = new Node(world, name);
        nodes.add(node);
        return node;
    }

    private ModelRelay relay(Node node, ModelDatabase database, Set<ModelRelay> atWork) {
        return new ModelRelay(world, node, database, broker, atWork, Set::of);
    }

    private void run() {
        world.agenda.runUntil(CHAOS);
        world.say("simulation", () -> "all is healed");
        world.faults.heal();
        broker.heal();
        pauses.heal();
        nodes.forEach(Node::heal);
        groups.forEach(ConsumerGroup::rebalance);
        long until = world.now() + PATIENCE;
        boolean converged = false;
        while (!converged && world.now() < until && world.violations().isEmpty()) {
            world.agenda.runUntil(world.now() + LOOK);
            converged = isQuiet() && operators.settle() == 0;
        }
        groups.forEach(ConsumerGroup::check);
        new Checker(world, table, definitions, client.accepted()).check(converged, this::unfinished);
    }

    /** Nothing moves any more, unless an operator moves it. */
    private boolean isQuiet() {
        return client.isDone()
                && world.isQuiet()
                && databases.stream()
                        .allMatch(database ->
                                database.isQuiet() && database.outbox().isEmpty())
                && groups.stream().allMatch(ConsumerGroup::hasReadAll)
                && nobodyIsActive();
    }

    private boolean nobodyIsActive() {
        for (SagaTable.Row row : table.rows()) {
            if (row.instance().state() == SagaState.RUNNING || row.instance().state() == SagaState.COMPENSATING) {
                return false;
            }
        }
        return true;
    }

    private String unfinished() {
        StringBuilder what = new StringBuilder();
        databases.forEach(database -> {
            if (!database.isQuiet() || !database.outbox().isEmpty()) {
                what.append(database.name)
                        .append(" has ")
                        .append(database.outbox().size())
                        .append(" to send; ");
            }
        });
        for (SagaTable.Row row : table.rows()) {
            if (!row.instance().state().isFinal()) {
                what.append(row.instance().id().getLeastSignificantBits())
                        .append(" is ")
                        .append(row.instance().state())
                        .append(" at ")
                        .append(row.instance().currentStep())
                        .append("; ");
            }
        }
        return what.toString();
    }
}
