package dev.counterstep.orchestrator.simulation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.counterstep.orchestrator.simulation.Message.Order;

/** The order service: accepts orders in its own database and announces them; some sagas are started by a call instead. */
final class Client {

    private static final int MOST_ORDERS = 6;
    private static final long LAST_ORDER = 12 * Agenda.SECOND;
    private static final long LATENCY = Agenda.MILLI;
    private static final long BACKOFF = 300 * Agenda.MILLI;
    private static final long PATIENCE = 5 * Agenda.SECOND;

    private final World world;
    private final Node node;
    private final ModelDatabase database;
    private final ModelRelay relay;
    private final List<ModelOrchestrator> orchestrators;
    private final SagaTable sagas;
    private final Set<Order> unheard = new LinkedHashSet<>();
    private final Set<Order> accepted = new LinkedHashSet<>();
    private final Set<Order> placed = new LinkedHashSet<>();

    Client(
            World world,
            Node node,
            ModelDatabase database,
            ModelRelay relay,
            List<ModelOrchestrator> orchestrators,
            SagaTable sagas) {
        this.world = world;
        this.node = node;
        this.database = database;
        this.relay = relay;
        this.orchestrators = orchestrators;
        this.sagas = sagas;
    }

    /** Orders that somebody was told are accepted. */
    Set<Order> accepted() {
        return accepted;
    }

    /** True when every order has been accepted, and the saga of each that was announced has been heard of. */
    boolean isDone() {
        return accepted.size() == placed.size() && unheard.isEmpty();
    }

    void begin(Definitions definitions) {
        int count = 1 + new Dice(world.plan.seed(), 4).below(MOST_ORDERS);
        for (int number = 0; number < count; number++) {
            Dice own = new Dice(world.plan.seed(), 100 + number);
            String definition = own.pick(Definitions.NAMES);
            Map<String, Object> input = new LinkedHashMap<>();
            input.put("number", number);
            long at = own.between(0, LAST_ORDER);
            boolean byCall = own.chance(0.3);
            if (world.faults.strike(Fault.UNBUILDABLE)) {
                input.put("unbuildable", definitions.someStep(definition));
            }
            Order order = new Order(number, definition, "order-" + number, Collections.unmodifiableMap(input));
            if (!world.plan.withoutSagas().contains(number)) {
                placed.add(order);
                world.agenda.at(at, () -> place(order, byCall));
            }
        }
    }

    private void place(Order order, boolean byCall) {
        if (byCall) {
            call(order);
        } else {
            announce(order);
        }
        if (world.faults.strike(Fault.DUPLICATE_START)) {
            long later = world.faults.between(Fault.DUPLICATE_START, 0, 5 * Agenda.SECOND);
            world.agenda.in(later, () -> call(order));
            world.agenda.in(later, () -> announce(order));
        }
        if (world.faults.strike(Fault.CANCEL)) {
            world.agenda.in(
                    world.faults.between(Fault.CANCEL, 0, 15 * Agenda.SECOND), () -> append(new Message.Cancel(order)));
        }
    }

    /** A client that gets no answer asks again. */
    private void call(Order order) {
        ModelOrchestrator orchestrator = world.dice.pick(orchestrators);
        if (!orchestrator.node().isUp()) {
            world.agenda.in(BACKOFF, () -> call(order));
            return;
        }
        boolean[] answered = {false};
        Consumer<Boolean> answer = done -> {
            answered[0] = true;
            if (done) {
                accepted.add(order);
            } else {
                world.agenda.in(BACKOFF, () -> call(order));
            }
        };
        orchestrator.node().in(LATENCY, () -> orchestrator.handle(List.of(new Arrival.Start(order, false)), answer));
        orchestrator.node().onDeath(() -> {
            if (!answered[0]) {
                answered[0] = true;
                world.agenda.in(BACKOFF, () -> call(order));
            }
        });
    }

    private void announce(Order order) {
        append(new Message.Start(order));
    }

    /** An announcement may get lost: it is made again, from the order's row, until the saga has been heard of. */
    private void listen(Order order) {
        world.agenda.in(PATIENCE, () -> {
            if (sagas.find(SagaTable.key(order.definition(), order.businessKey())) != null) {
                unheard.remove(order);
            } else {
                announce(order);
                listen(order);
            }
        });
    }

    private void announced(Order order) {
        boolean first = accepted.add(order);
        if (first && world.engine.announcesUntilItHears()) {
            unheard.add(order);
            listen(order);
        }
    }

    private void append(Message message) {
        if (!node.isUp()) {
            world.agenda.in(BACKOFF, () -> append(message));
            return;
        }
        boolean[] answered = {false};
        database.transact(node, List.of(), transaction -> transaction.append(message), result -> {
            answered[0] = true;
            if (result == ModelDatabase.Result.COMMITTED) {
                relay.wake();
                if (message instanceof Message.Start start) {
                    announced(start.order());
                }
            } else {
                world.agenda.in(BACKOFF, () -> append(message));
            }
        });
        node.onDeath(() -> {
            if (!answered[0]) {
                answered[0] = true;
                world.agenda.in(BACKOFF, () -> append(message));
            }
        });
    }
}
