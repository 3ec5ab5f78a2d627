package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.SagaStateMachine;
import dev.counterstep.orchestrator.saga.StepCommand;
import dev.counterstep.orchestrator.saga.StepInstance;

/** The decisions of one transaction, as {@code SagaBatch} and {@code SagaWork} make them. */
final class ModelBatch {

    /** A saga of the batch: how it was found, and what has been made of it so far. */
    static final class Work {

        final SagaTable.@Nullable Row before;
        SagaInstance saga;

        @Nullable
        Instant nextActionAt;

        final List<SagaLogEntry> entries = new ArrayList<>();
        final List<Message.Command> commands = new ArrayList<>();

        Work(SagaTable.@Nullable Row before, SagaInstance saga, @Nullable Instant nextActionAt) {
            this.before = before;
            this.saga = saga;
            this.nextActionAt = nextActionAt;
        }

        boolean isChanged() {
            return before == null
                    || !saga.equals(before.instance())
                    || !Objects.equals(nextActionAt, before.nextActionAt());
        }

        long versionBefore() {
            return before == null ? 0 : before.version();
        }
    }

    private final World world;
    private final Definitions definitions;
    private final SagaTable table;
    private final Pauses pauses;
    private final Now now;
    private final Map<UUID, Work> works = new LinkedHashMap<>();

    ModelBatch(World world, OrchestratorShared shared, Now now) {
        this.world = world;
        this.definitions = shared.definitions();
        this.table = shared.table();
        this.pauses = shared.pauses();
        this.now = now;
    }

    void found(SagaTable.Row row) {
        add(new Work(row, row.instance(), row.nextActionAt()));
    }

    private void add(Work work) {
        works.put(work.saga.id(), work);
    }

    Collection<Work> works() {
        return works.values();
    }

    void handle(Arrival arrival) {
        try {
            decide(arrival);
        } catch (RuntimeException e) {
            world.violated(Check.NOTHING_FAILS_UNEXPECTEDLY, arrival + " fails: " + e);
        }
    }

    private void decide(Arrival arrival) {
        if (arrival instanceof Arrival.Start start) {
            start(start);
        } else if (arrival instanceof Arrival.Reply reply) {
            reply(reply.message());
        } else if (arrival instanceof Arrival.Timer timer) {
            event(works.get(timer.sagaId()), new SagaEvent.TimerFired(), "timer");
        } else if (arrival instanceof Arrival.Cancel cancel) {
            Message.Order order = cancel.order();
            Work work = find(order);
            SagaEvent event = new SagaEvent.CancelRequested("client:orders", "changed my mind", "cancel");
            if (work != null && cancels(work, event)) {
                world.faults.seen(Fault.CANCEL);
            }
        } else if (arrival instanceof Arrival.Operation operation) {
            operation(operation);
        }
    }

    private boolean cancels(Work work, SagaEvent event) {
        SagaState before = work.saga.state();
        event(work, event, "cancel");
        return work.saga.state() != before;
    }

    private void start(Arrival.Start start) {
        Message.Order order = start.order();
        if (find(order) != null) {
            return;
        }
        SagaDefinition definition = definitions.latest(order.definition());
        SagaEvent.StartRequested event = new SagaEvent.StartRequested(
                table.nextId(),
                order.businessKey(),
                order.input(),
                new SagaInstance.Origin(order.businessKey(), null),
                "client:orders",
                start.byMessage() ? "start" : null);
        SagaDecision decision = world.engine.start(definition, event, now);
        Work work = new Work(null, decision.next(), null);
        take(work, decision);
        add(work);
        world.say(
                "saga " + event.sagaId().getLeastSignificantBits(),
                () -> order.businessKey() + " starts " + definition.reference() + " " + describe(decision));
    }

    private @Nullable Work find(Message.Order order) {
        for (Work work : works.values()) {
            if (work.saga.businessKey().equals(order.businessKey())
                    && work.saga.definition().equals(order.definition())) {
                return work;
            }
        }
        return null;
    }

    private void reply(Message.Reply reply) {
        Message.Call call = reply.call();
        Work work = works.get(call.sagaId());
        if (work == null) {
            world.violated(Check.NOTHING_FAILS_UNEXPECTEDLY, "a reply for an unknown saga: " + reply.id());
            return;
        }
        SagaEvent.ReplyArrived event = new SagaEvent.ReplyArrived(
                call.step(),
                call.phase(),
                call.generation(),
                call.attempt(),
                reply.outcome(),
                reply.reason(),
                reply.retryAfter(),
                Map.of("by", call.step()),
                reply.id());
        event(work, event, name(reply.outcome()));
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> "reply SUCCEEDED";
            case REJECTED -> "reply REJECTED";
            case RETRYABLE -> "reply RETRYABLE";
            case IN_PROGRESS -> "reply IN_PROGRESS";
        };
    }

    private void operation(Arrival.Operation operation) {
        Work work = works.get(operation.sagaId());
        Long expected = operation.expectedVersion();
        if (work == null) {
            return;
        }
        boolean stale = expected != null && expected != work.versionBefore();
        if (stale) {
            world.faults.seen(Fault.STALE_OPERATOR);
        }
        if (stale && world.engine.checksWhatOperatorsSaw()) {
            return;
        }
        boolean granted = event(work, operation.event(), Operators.name(operation.event()));
        if (granted) {
            world.faults.seen(Operators.fault(operation.event()));
        }
        if (granted && stale) {
            world.violated(
                    Check.OPERATOR_ACTS_ON_WHAT_HE_SAW,
                    operation.sagaId() + " is at version " + work.versionBefore() + ", seen was " + expected);
        }
    }

    private boolean event(@Nullable Work work, SagaEvent event, String name) {
        if (work == null) {
            return false;
        }
        SagaDefinition definition = definitions.find(work.saga.definition(), work.saga.definitionVersion());
        var from = work.saga.state();
        SagaDecision decision = world.engine.decide(definition, work.saga, event, now);
        if (decision.refusal() != null) {
            return false;
        }
        take(work, decision);
        if (from != work.saga.state()) {
            world.coverage.count(new Coverage.Move(from, work.saga.state(), name));
        }
        world.say("saga " + work.saga.id().getLeastSignificantBits(), () -> name + " " + describe(decision));
        return true;
    }

    private static String describe(SagaDecision decision) {
        List<String> words = new ArrayList<>();
        for (SagaLogEntry entry : decision.entries()) {
            SagaLogEntry.Coordinates at = entry.coordinates();
            words.add(entry.kind()
                    + (at == null
                            ? ""
                            : " " + at.step() + ":" + at.phase() + ":" + at.generation() + ":" + at.attempt())
                    + (entry.messageId() == null ? "" : " by " + entry.messageId()));
        }
        return decision.next().state() + " " + words;
    }

    private void take(Work work, SagaDecision decision) {
        work.saga = decision.next();
        work.nextActionAt = SagaStateMachine.nextLookAt(work.nextActionAt, decision.nextActionAt(), now.at());
        work.entries.addAll(decision.entries());
        for (StepCommand command : decision.commands()) {
            work.commands.add(message(work.saga, command));
        }
        for (SagaLogEntry entry : decision.entries()) {
            world.coverage.count(entry.kind());
            concerned(work.saga, entry).forEach(participant -> pauses.watch(work.saga.id(), participant, entry));
        }
    }

    /** Whose step it is about; all of them when it is about the saga as a whole. */
    private static Set<String> concerned(SagaInstance saga, SagaLogEntry entry) {
        SagaLogEntry.Coordinates at = entry.coordinates();
        return saga.steps().values().stream()
                .filter(step -> at == null || at.step().equals(step.id()))
                .map(StepInstance::participant)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Message.Command message(SagaInstance saga, StepCommand command) {
        SagaLogEntry.Coordinates to = command.coordinates();
        Message.Call call = new Message.Call(
                saga.id(),
                command.participant(),
                command.type(),
                to.step(),
                Objects.requireNonNull(to.phase()),
                to.generation(),
                to.attempt());
        return new Message.Command(
                world.engine.sent(call), world.engine.key(command), command.payload(), command.expiresAt());
    }
}
