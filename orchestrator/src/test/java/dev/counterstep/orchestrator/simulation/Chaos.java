package dev.counterstep.orchestrator.simulation;

import java.util.List;

/** What befalls the whole from outside, twice a second. */
final class Chaos {

    private static final long INTERVAL = 500 * Agenda.MILLI;
    private static final long LONGEST_PAUSE = 10 * Agenda.SECOND;
    private static final long SESSION = 3 * Agenda.SECOND;
    private static final long LARGEST_STEP = 4 * Agenda.SECOND;

    private final World world;
    private final List<Node> nodes;
    private final List<ConsumerGroup> groups;
    private final ModelBroker broker;
    private final ModelDatabase sagas;
    private final Pauses pauses;
    private final Definitions definitions;

    Chaos(World world, List<Node> nodes, List<ConsumerGroup> groups, OrchestratorShared shared) {
        this.world = world;
        this.nodes = nodes;
        this.groups = groups;
        this.broker = shared.broker();
        this.sagas = shared.database();
        this.pauses = shared.pauses();
        this.definitions = shared.definitions();
    }

    void begin(Operators operators) {
        world.agenda.in(INTERVAL, () -> {
            if (!world.faults.isHealed()) {
                strike();
                operators.look();
                begin(operators);
            }
        });
    }

    private void strike() {
        if (world.faults.strike(Fault.PAUSE)) {
            pause(nodes.get(choice(Fault.PAUSE, nodes.size())));
        }
        if (world.faults.strike(Fault.BROKER_CRASH)) {
            broker.crash();
        }
        if (world.faults.strike(Fault.BROKER_OUTAGE)) {
            broker.outage();
        }
        if (world.faults.strike(Fault.REWIND)) {
            groups.get(choice(Fault.REWIND, groups.size())).rewind();
        }
        if (world.faults.strike(Fault.REBALANCE)) {
            groups.get(choice(Fault.REBALANCE, groups.size())).rebalance();
        }
        if (world.faults.strike(Fault.CLOCK_STEP)) {
            sagas.stepClock(world.faults.between(Fault.CLOCK_STEP, -LARGEST_STEP, LARGEST_STEP));
        }
        if (world.faults.strike(Fault.PARTICIPANT_PAUSED)) {
            pauses.pause();
        }
        if (world.faults.strike(Fault.DEPLOYMENT)) {
            String deployed = definitions.deploy().reference();
            world.say("definitions", () -> "deployed " + deployed);
        }
    }

    private int choice(Fault fault, int count) {
        return (int) world.faults.between(fault, 0, count - 1);
    }

    private void pause(Node node) {
        node.pause(world.faults.between(Fault.PAUSE, Agenda.MILLI, LONGEST_PAUSE));
        world.agenda.in(SESSION, () -> {
            if (node.isPaused()) {
                groups.forEach(group -> group.expel(node));
            }
        });
    }
}
