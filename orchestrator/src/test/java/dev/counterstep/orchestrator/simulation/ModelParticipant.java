package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.messaging.participant.ModelInbox.Admission;
import dev.counterstep.messaging.participant.ModelInbox.Verb;
import dev.counterstep.messaging.participant.ModelInbox.Visit;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.simulation.Message.Call;
import dev.counterstep.orchestrator.simulation.Message.Command;

/**
 * One instance of a participant, after {@code CommandListener} and {@code RoundTransactions}: barrier, handler, inbox and reply in
 * one transaction; external calls between two. Its handlers know nothing of duplicates: that is the barrier's business.
 */
final class ModelParticipant {

    /** What the instances of one participant have in common. */
    record Shared(
            ModelDatabase database,
            ModelInbox inbox,
            Business business,
            Gateway gateway,
            ModelBroker broker,
            ConsumerGroup group) {}

    /** A step of a saga: what its commands lock. */
    record Step(UUID sagaId, String step) {}

    /**
     * What handlers keep in tables of their own.
     *
     * @param liveKeys the external key of each step that has or may still have an external effect
     * @param begun actions that asked for more time: what they did so far is no effect yet, and their undo must not undo it
     */
    record Business(Map<Step, String> liveKeys, Set<Step> begun) {

        Business() {
            this(new HashMap<>(), new HashSet<>());
        }
    }

    private static final long LONGEST_CALL = 50 * Agenda.MILLI;
    private static final long LONGEST_OVERTAKEN = 20 * Agenda.SECOND;
    private static final long LONGEST_LATE = 10 * Agenda.SECOND;

    private final World world;
    private final Node node;
    private final Shared shared;
    private final ModelRelay relay;

    ModelParticipant(World world, Node node, Shared shared, ModelRelay relay) {
        this.world = world;
        this.node = node;
        this.shared = shared;
        this.relay = relay;
        new Listener(world, node, shared.broker(), shared.group(), (batch, after) -> next(batch, 0, after));
    }

    private void next(List<Message> batch, int index, Consumer<Boolean> after) {
        if (index == batch.size()) {
            after.accept(true);
        } else if (batch.get(index) instanceof Command command) {
            handle(command, handled -> {
                if (handled) {
                    next(batch, index + 1, after);
                } else {
                    after.accept(false);
                }
            });
        } else {
            next(batch, index + 1, after);
        }
    }

    private void handle(Command command, Consumer<Boolean> after) {
        Instant expiresAt = command.expiresAt();
        boolean action = command.call().phase() == Phase.ACTION;
        if (action && expiresAt != null && !node.clock().isBefore(expiresAt)) {
            world.coverage.count("EXPIRED");
            answerAlone(command.call(), Outcome.RETRYABLE, "EXPIRED", after);
            return;
        }
        transact(command.call(), after, transaction -> admit(command.call(), transaction, after));
    }

    /** Within a transaction: whatever is not said to be {@code external} answers when it is committed. */
    private void transact(Call call, Consumer<Boolean> after, Consumer<ModelTransaction> work) {
        shared.database().transact(node, List.of(new Step(call.sagaId(), call.step())), work, result -> {
            relay.wake();
            after.accept(result == ModelDatabase.Result.COMMITTED);
        });
    }

    private void admit(Call call, ModelTransaction transaction, Consumer<Boolean> after) {
        Visit visit = shared.inbox()
                .enter(
                        call.sagaId(),
                        call.step(),
                        dev.counterstep.messaging.Phase.valueOf(call.phase().name()),
                        call.generation());
        Admission admission = world.engine.admission(visit, call);
        Verb verb = admission.verb();
        world.coverage.count(verb);
        world.say(node.name, () -> call.commandId() + ":" + call.attempt() + " " + verb);
        boolean undoOnly = call.type().startsWith(Definitions.UNDO_ONLY);
        switch (verb) {
            case RUN, RESUME -> run(call, admission.generation(), visit, transaction, after);
            case ANSWER -> {
                OutcomeKind outcome = admission.outcome();
                reply(
                        call,
                        outcome == null ? Outcome.SUCCEEDED : Outcome.valueOf(outcome.name()),
                        admission.reason(),
                        transaction);
                store(visit, transaction);
            }
            case LATE -> {
                reply(call, Outcome.REJECTED, "late action", transaction);
                store(visit, transaction);
            }
            case EMPTY -> {
                if (undoOnly) {
                    run(call, call.generation(), visit, transaction, after);
                } else {
                    world.engine.close(visit, call.generation(), OutcomeKind.SUCCEEDED, null);
                    reply(call, Outcome.SUCCEEDED, null, transaction);
                    store(visit, transaction);
                }
            }
        }
    }

    private void store(Visit visit, ModelTransaction transaction) {
        transaction.write(() -> world.engine.commit(visit));
    }

    private void run(Call call, int generation, Visit visit, ModelTransaction transaction, Consumer<Boolean> after) {
        if (world.engine.barsOpenActions()) {
            visit.run(generation);
        }
        if (world.faults.strike(Fault.NEVER)) {
            transaction.rollBack();
            node.in(1, () -> after.accept(true));
        } else if (world.faults.strike(Fault.ERROR)) {
            transaction.rollBack();
            node.in(1, () -> answerAlone(call, Outcome.RETRYABLE, "it throws", after));
        } else if (refuses(call)) {
            refuse(call, generation, visit, transaction, after);
        } else if (world.faults.strike(Fault.IN_PROGRESS)) {
            if (call.phase() == Phase.ACTION) {
                transaction.write(() -> shared.business().begun().add(new Step(call.sagaId(), call.step())));
            }
            reply(call, Outcome.IN_PROGRESS, "not yet", transaction);
            store(visit, transaction);
        } else if (call.type().startsWith(Definitions.EXTERNAL)) {
            begin(call, generation, visit, transaction, after);
        } else {
            if (world.faults.strike(Fault.LATE)) {
                transaction.takes(world.faults.between(Fault.LATE, Agenda.SECOND, LONGEST_LATE));
            }
            transaction.write(() -> effect(call, generation));
            world.engine.close(visit, generation, OutcomeKind.SUCCEEDED, null);
            reply(call, Outcome.SUCCEEDED, null, transaction);
            store(visit, transaction);
        }
    }

    private void effect(Call call, int generation) {
        boolean wasBegun = shared.business().begun().remove(new Step(call.sagaId(), call.step()));
        if (wasBegun && call.phase() == Phase.COMPENSATION) {
            return;
        }
        world.say(node.name, () -> "EFFECT " + call.commandId());
        world.ledger.record(call.sagaId(), call.step(), call.phase(), generation, world.now());
    }

    private boolean refuses(Call call) {
        return world.faults.strike(call.phase() == Phase.ACTION ? Fault.REJECTED : Fault.REJECTED_COMPENSATION);
    }

    /** An action's refusal is remembered; a compensation's is rolled back, and answered all the same. */
    private void refuse(Call call, int generation, Visit visit, ModelTransaction transaction, Consumer<Boolean> after) {
        // What was begun outside can no more be refused: a handler finds its intent and asks what became of it.
        if (call.phase() == Phase.ACTION
                && !shared.business().liveKeys().containsKey(new Step(call.sagaId(), call.step()))) {
            world.engine.close(visit, generation, OutcomeKind.REJECTED, "no");
            reply(call, Outcome.REJECTED, "no", transaction);
            store(visit, transaction);
        } else {
            transaction.rollBack();
            Outcome outcome = call.phase() == Phase.ACTION ? Outcome.RETRYABLE : Outcome.REJECTED;
            node.in(1, () -> answerAlone(call, outcome, "no", after));
        }
    }

    private void answerAlone(Call call, Outcome outcome, @Nullable String reason, Consumer<Boolean> after) {
        transact(call, after, transaction -> reply(call, outcome, reason, transaction));
    }

    private void reply(Call call, Outcome outcome, @Nullable String reason, ModelTransaction transaction) {
        Duration retryAfter = outcome == Outcome.RETRYABLE && world.dice.chance(0.2) ? Duration.ofSeconds(2) : null;
        Message.Reply reply = new Message.Reply(call, outcome, reason, retryAfter);
        int times = world.faults.strike(Fault.TWICE) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            if (world.engine.sendsRepliesThroughTheOutbox()) {
                transaction.append(reply);
            } else {
                shared.broker().send(reply);
            }
        }
    }

    // ---- external effects: intent, call, outcome ----

    private void begin(Call call, int generation, Visit visit, ModelTransaction transaction, Consumer<Boolean> after) {
        Step step = new Step(call.sagaId(), call.step());
        String live = shared.business().liveKeys().get(step);
        if (call.phase() == Phase.COMPENSATION && live == null) {
            world.engine.close(visit, generation, OutcomeKind.SUCCEEDED, null);
            reply(call, Outcome.SUCCEEDED, null, transaction);
            store(visit, transaction);
            return;
        }
        String key = call.phase() == Phase.COMPENSATION && live != null
                ? live
                : world.engine.idempotencyKey(call, generation, live);
        transaction.write(() -> shared.business().liveKeys().put(step, key));
        if (call.phase() == Phase.COMPENSATION) {
            transaction.write(() -> book(call, generation));
        }
        store(visit, transaction);
        long takes = world.dice.between(1, LONGEST_CALL)
                + (world.faults.strike(Fault.LATE) ? world.faults.between(Fault.LATE, 1, LONGEST_LATE) : 0);
        transaction.then(() -> node.in(takes, () -> callOut(call, generation, key, after)));
    }

    private void callOut(Call call, int generation, String key, Consumer<Boolean> after) {
        if (node.diesAt(Fault.CRASH_BEFORE_CALL)) {
            return;
        }
        Gateway.@Nullable Entry entry = null;
        if (world.faults.strike(Fault.CALL_OVERTAKEN)) {
            world.later(
                    world.faults.between(Fault.CALL_OVERTAKEN, 1, LONGEST_OVERTAKEN),
                    () -> arrive(call, generation, key));
        } else if (!world.faults.strike(Fault.CALL_FAILED)) {
            Gateway.Entry came = arrive(call, generation, key);
            entry = world.faults.strike(Fault.CALL_UNANSWERED) ? null : came;
        }
        if (node.diesAt(Fault.CRASH_AFTER_CALL)) {
            return;
        }
        Gateway.@Nullable Entry answer = entry;
        transact(call, after, transaction -> complete(call, generation, answer, transaction));
    }

    private Gateway.Entry arrive(Call call, int generation, String key) {
        return call.phase() == Phase.ACTION ? shared.gateway().act(key, call, generation) : undo(call, generation, key);
    }

    private Gateway.Entry undo(Call call, int generation, String key) {
        Gateway gateway = shared.gateway();
        Gateway.Entry entry = world.engine.voidsBeforeItRefunds() ? gateway.forbid(key) : gateway.find(key);
        if (entry == Gateway.Entry.DONE) {
            gateway.undo(key, call, generation);
        }
        return entry;
    }

    private void book(Call call, int generation) {
        world.ledger.book(call.sagaId(), call.step(), call.phase(), generation, world.now());
    }

    private void complete(Call call, int generation, Gateway.@Nullable Entry answer, ModelTransaction transaction) {
        Visit visit = shared.inbox()
                .complete(
                        call.sagaId(),
                        call.step(),
                        dev.counterstep.messaging.Phase.valueOf(call.phase().name()),
                        generation);
        if (!visit.has(generation)) {
            reply(call, Outcome.RETRYABLE, "the inbox lost it", transaction);
        } else if (!visit.isOpen(generation)) {
            OutcomeKind stored = visit.outcome(generation);
            reply(
                    call,
                    stored == null ? Outcome.REJECTED : Outcome.valueOf(stored.name()),
                    "closed meanwhile",
                    transaction);
        } else if (answer == null) {
            reply(call, Outcome.RETRYABLE, "no answer", transaction);
        } else {
            boolean done = call.phase() == Phase.COMPENSATION || answer == Gateway.Entry.DONE;
            OutcomeKind outcome = done ? OutcomeKind.SUCCEEDED : OutcomeKind.REJECTED;
            visit.close(generation, outcome, done ? null : "declined");
            reply(call, Outcome.valueOf(outcome.name()), done ? null : "declined", transaction);
            store(visit, transaction);
            if (done && call.phase() == Phase.ACTION) {
                transaction.write(() -> book(call, generation));
            }
            if (!done || call.phase() == Phase.COMPENSATION) {
                transaction.write(() -> shared.business().liveKeys().remove(new Step(call.sagaId(), call.step())));
            }
        }
    }
}
