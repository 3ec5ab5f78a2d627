package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.simulation.ModelBatch.Work;

/** One node of the orchestrator: listener, timers, operations, all by way of {@link #handle}; after {@code SagaCoordinator}. */
final class ModelOrchestrator {

    private static final int MOST_TRIES = 5;
    private static final long TIMER_INTERVAL = 500 * Agenda.MILLI;
    private static final int TIMER_BATCH = 3;

    private final World world;
    private final Node node;
    private final OrchestratorShared shared;
    private final ModelRelay relay;
    private Hearing hearing;
    private int looks;

    ModelOrchestrator(World world, Node node, OrchestratorShared shared, ModelRelay relay) {
        this.world = world;
        this.node = node;
        this.shared = shared;
        this.relay = relay;
        this.hearing = newHearing();
        new Listener(world, node, shared.broker(), shared.group(), this::onMessages);
        node.onStart(this::start);
        node.onDeath(() -> {
            if (!world.engine.timersOutliveTheirProcess()) {
                shared.table().forgetTimers();
            }
        });
    }

    Node node() {
        return node;
    }

    private Hearing newHearing() {
        return new Hearing(shared);
    }

    private void start() {
        hearing = newHearing();
        node.in(world.dice.between(0, TIMER_INTERVAL), this::lookAtTimers);
    }

    private void onMessages(List<Message> messages, Consumer<Boolean> after) {
        List<Arrival> arrivals = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Message.Reply reply) {
                arrivals.add(new Arrival.Reply(reply));
            } else if (message instanceof Message.Start start) {
                arrivals.add(new Arrival.Start(start.order(), true));
            } else if (message instanceof Message.Cancel cancel) {
                arrivals.add(new Arrival.Cancel(cancel.order()));
            }
        }
        handle(arrivals, after);
    }

    /** Looks whether participants can be heard when something is due, and otherwise less often; after {@code TimerLoop}. */
    private void lookAtTimers() {
        Instant now = Agenda.instant(shared.database().now());
        boolean observes = ++looks % 2 == 0 || !due(now).isEmpty();
        if (observes) {
            hearing.observe();
        }
        Optional<Instant> limit = world.engine.firesUntil(hearing.readUntil(), now);
        Set<UUID> due = limit.map(this::due).orElse(Set.of());
        Runnable again = () -> node.in(TIMER_INTERVAL, this::lookAtTimers);
        if (!observes || due.isEmpty()) {
            again.run();
        } else {
            List<Arrival> arrivals = new ArrayList<>();
            due.forEach(id -> arrivals.add(new Arrival.Timer(id)));
            handle(arrivals, handled -> again.run());
        }
    }

    private Set<UUID> due(Instant limit) {
        Set<UUID> due = new LinkedHashSet<>();
        for (SagaTable.Row row : shared.table().rows()) {
            Instant next = row.nextActionAt();
            UUID id = row.instance().id();
            boolean isDue = next != null && !next.isAfter(limit);
            if (isDue && !shared.database().isHeld(id) && due.size() < TIMER_BATCH) {
                due.add(id);
            }
        }
        return due;
    }

    /** Decides on a batch in one transaction. {@code after} learns whether the node knows that it is committed. */
    void handle(List<Arrival> arrivals, Consumer<Boolean> after) {
        handle(arrivals, after, 1);
    }

    private void handle(List<Arrival> arrivals, Consumer<Boolean> after, int tries) {
        Set<UUID> ids = new LinkedHashSet<>();
        arrivals.forEach(arrival -> collect(arrival, ids));
        shared.database()
                .transact(
                        node,
                        world.engine.locksSagas() ? ids : List.of(),
                        transaction -> decide(arrivals, ids, transaction),
                        result -> decided(result, arrivals, after, tries));
    }

    private void decided(ModelDatabase.Result result, List<Arrival> arrivals, Consumer<Boolean> after, int tries) {
        switch (result) {
            case COMMITTED -> {
                relay.wake();
                after.accept(true);
            }
            case FAILED -> after.accept(false);
            case CONFLICT -> {
                if (tries == MOST_TRIES) {
                    after.accept(false);
                } else {
                    handle(arrivals, after, tries + 1);
                }
            }
        }
    }

    private void collect(Arrival arrival, Set<UUID> ids) {
        if (arrival instanceof Arrival.Reply reply) {
            ids.add(reply.message().call().sagaId());
        } else if (arrival instanceof Arrival.Timer timer) {
            ids.add(timer.sagaId());
        } else if (arrival instanceof Arrival.Operation operation) {
            ids.add(operation.sagaId());
        } else if (arrival instanceof Arrival.Start start) {
            collect(start.order(), ids);
        } else if (arrival instanceof Arrival.Cancel cancel) {
            collect(cancel.order(), ids);
        }
    }

    private void collect(Message.Order order, Set<UUID> ids) {
        UUID id = shared.table().find(SagaTable.key(order.definition(), order.businessKey()));
        if (id != null && world.engine.keysAreUnique()) {
            ids.add(id);
        }
    }

    private void decide(List<Arrival> arrivals, Set<UUID> ids, ModelTransaction transaction) {
        Instant at = Agenda.instant(shared.database().now());
        Now now = world.engine.now(at, hearing.since(), shared.pauses().paused());
        ModelBatch batch = new ModelBatch(world, shared, now);
        for (UUID id : ids) {
            SagaTable.Row row = shared.table().find(id);
            if (row != null) {
                batch.found(row);
            }
        }
        world.say(node.name, () -> "decides on " + arrivals.size() + " arrivals");
        arrivals.forEach(batch::handle);
        batch.works().forEach(work -> save(work, transaction));
    }

    private void save(Work work, ModelTransaction transaction) {
        SagaTable table = shared.table();
        UUID id = work.saga.id();
        SagaTable.Row after = new SagaTable.Row(work.saga, work.versionBefore() + 1, work.nextActionAt);
        if (work.before == null) {
            String key = SagaTable.key(work.saga.definition(), work.saga.businessKey());
            if (world.engine.keysAreUnique()) {
                transaction.require(() -> table.find(key) == null);
            }
            transaction.write(() -> table.insert(after));
        } else if (work.isChanged()) {
            if (world.engine.checksVersions()) {
                transaction.require(() -> isAt(id, work.versionBefore()));
                transaction.write(() -> table.update(after));
            } else {
                transaction.write(() -> table.overwrite(after));
            }
        }
        if (world.engine.logsInTheTransaction()) {
            transaction.write(() -> table.append(id, work.entries));
        } else {
            table.append(id, work.entries);
        }
        work.commands.forEach(command -> send(command, transaction));
    }

    private void send(Message.Command command, ModelTransaction transaction) {
        transaction.write(() -> shared.identities().watch(command));
        if (world.engine.sendsCommandsThroughTheOutbox()) {
            transaction.append(command);
        } else {
            shared.broker().send(command);
        }
    }

    private boolean isAt(UUID id, long version) {
        SagaTable.@Nullable Row row = shared.table().find(id);
        return row != null && row.version() == version;
    }
}
