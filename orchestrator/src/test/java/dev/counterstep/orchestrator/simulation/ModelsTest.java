package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.simulation.Message.Call;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults that the models once had, and that the engine was blamed for. */
class ModelsTest {

    private static final UUID SAGA = new UUID(0x0190_0000_0000_7000L, 1);

    private final World world = new World(Plan.of(1), Engine.REAL, Trace.off());

    ModelsTest() {
        world.faults.heal();
    }

    @Test
    void processThatDiesWhileItWaitsForALockNeverTakesIt() {
        ModelDatabase database = new ModelDatabase(world, "orchestrator");
        Node first = new Node(world, "first");
        Node second = new Node(world, "second");
        List<String> done = new ArrayList<>();
        database.transact(first, List.of(SAGA), transaction -> {}, result -> done.add("first " + result));
        database.transact(second, List.of(SAGA), transaction -> {}, result -> done.add("second " + result));
        second.die("test", Agenda.SECOND);
        world.agenda.runUntil(10 * Agenda.SECOND);
        assertThat(done).containsExactly("first COMMITTED");
        assertThat(database.isHeld(SAGA)).isFalse();
    }

    @Test
    void compensationOfAnActionThatOnlyAskedForMoreTimeUndoesNothing() {
        ModelBroker broker = new ModelBroker(world);
        ConsumerGroup replies = new ConsumerGroup(world, broker, List.of("p0.replies"));
        ModelParticipant.Business business = new ModelParticipant.Business();
        participant(broker, business);
        beginAction(business);

        broker.send(command(Phase.COMPENSATION));
        world.agenda.runUntil(10 * Agenda.SECOND);

        assertThat(world.ledger.of(SAGA)).isEmpty();
        assertThat(replies.partitions().stream().flatMap(partition -> partition.messages.stream()))
                .isNotEmpty()
                .allMatch(message -> ((Message.Reply) message).outcome() == Outcome.SUCCEEDED);
    }

    private final ModelInbox inbox = new ModelInbox();

    /** As a handler leaves it that has answered IN_PROGRESS. */
    private void beginAction(ModelParticipant.Business business) {
        inbox.enter(SAGA, "a", dev.counterstep.messaging.Phase.ACTION, 1).commit();
        business.begun().add(new ModelParticipant.Step(SAGA, "a"));
    }

    private void participant(ModelBroker broker, ModelParticipant.Business business) {
        ModelDatabase database = new ModelDatabase(world, "p0");
        Node node = new Node(world, "p0-0");
        ConsumerGroup group = new ConsumerGroup(world, broker, List.of("p0.commands"));
        ModelRelay relay = new ModelRelay(world, node, database, broker, new HashSet<>(), Set::of);
        new ModelParticipant(
                world,
                node,
                new ModelParticipant.Shared(database, inbox, business, new Gateway(world), broker, group),
                relay);
        node.start();
    }

    private static Message command(Phase phase) {
        Call call = new Call(SAGA, "p0", Definitions.SIMPLE + ".undo.a", "a", phase, 1, 1);
        return new Message.Command(call, SAGA.toString(), Map.of(), null);
    }
}
