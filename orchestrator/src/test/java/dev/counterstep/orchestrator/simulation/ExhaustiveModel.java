package dev.counterstep.orchestrator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.messaging.participant.ModelInbox.Admission;
import dev.counterstep.messaging.participant.ModelInbox.Visit;
import dev.counterstep.orchestrator.saga.ModelFold;
import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaStateMachine;
import dev.counterstep.orchestrator.saga.StepCommand;
import dev.counterstep.orchestrator.saga.StepStatus;
import dev.counterstep.orchestrator.simulation.Allowances.Mishap;
import dev.counterstep.orchestrator.simulation.Ledger.Effect;
import dev.counterstep.orchestrator.simulation.Message.Call;

/**
 * Every history of one saga of a small definition, breadth first: messages arrive in any order, timers fire at any moment that is
 * left to them, and at most once each a message is duplicated, a message is lost, a process dies between its commit and its offsets,
 * a participant says no, a handler throws, an operator does something. Core and barrier are the real ones.
 */
final class ExhaustiveModel {

    /** A step whose action is always refused: its saga turns round, and no mishap is spent on that. */
    static final String REFUSED = "no";

    private static final UUID SAGA = new UUID(0x0190_0000_0000_7000L, 1);

    private final SagaDefinition definition;
    private final Engine engine;
    private final Set<Hash> visited = new HashSet<>();
    private final Deque<ExhaustiveState> frontier = new ArrayDeque<>();
    private final Set<String> violations = new LinkedHashSet<>();
    private final Map<String, Integer> ends = new HashMap<>();
    private final Set<String> granted = new TreeSet<>();

    /** Two halves of a hash that is wide enough to never collide here. */
    private record Hash(long high, long low) {

        static Hash of(String text) {
            long high = 0xcbf29ce484222325L;
            long low = 0x9E3779B97F4A7C15L;
            for (int i = 0; i < text.length(); i++) {
                char next = text.charAt(i);
                high = (high ^ next) * 0x100000001b3L;
                low = Long.rotateLeft(low + next, 23) * 0xD1B54A32D192ED03L;
            }
            return new Hash(high, low);
        }
    }

    private ExhaustiveModel(SagaDefinition definition, Engine engine) {
        this.definition = definition;
        this.engine = engine;
    }

    /**
     * What all histories came to.
     *
     * @param states how many different ones there were
     * @param ends in which states of the saga they ended, and how many of them
     * @param granted which requests of operators and clients were granted somewhere
     * @param violations checks that failed; at most one of each
     */
    record Result(int states, Map<String, Integer> ends, Set<String> granted, Set<String> violations) {}

    static Result explore(SagaDefinition definition, Allowances allowances, Engine engine) {
        ExhaustiveModel model = new ExhaustiveModel(definition, engine);
        model.begin(allowances);
        while (!model.frontier.isEmpty()) {
            model.expand(model.frontier.remove());
        }
        return new Result(model.visited.size(), model.ends, model.granted, model.violations);
    }

    private void begin(Allowances allowances) {
        SagaEvent.StartRequested start = new SagaEvent.StartRequested(
                SAGA, "order", Map.of(), new SagaInstance.Origin("order", null), "client:orders", "start");
        SagaDecision decision = engine.start(definition, start, Now.at(Agenda.instant(0)));
        ExhaustiveState nothing = new ExhaustiveState(
                decision.next(), List.of(), LogFacts.NONE, new ModelInbox(), Map.of(), null, List.of(), 0, allowances);
        ExhaustiveState started = decided(nothing, decision, 0);
        checks(started).checkFold();
        reach(started);
    }

    private void reach(ExhaustiveState state) {
        if (isNew(state)) {
            checks(state).checkHistory();
            frontier.add(state);
        }
    }

    /** By something that neither saga nor participants know of. */
    private void reachUnnoticed(ExhaustiveState state) {
        if (isNew(state)) {
            frontier.add(state);
        }
    }

    private boolean isNew(ExhaustiveState state) {
        return visited.add(Hash.of(state.key()));
    }

    private void expand(ExhaustiveState state) {
        state.lanes().forEach((topic, lane) -> {
            arrive(state.without(topic, 0), state, lane.get(0));
            for (int i = 0; i < lane.size(); i++) {
                befall(state, topic, i, lane.get(i));
            }
        });
        Message aside = state.aside();
        if (aside != null) {
            reachUnnoticed(state.withAside(null).plus(aside));
        }
        if (state.saga().state().isActive()) {
            fire(state);
        }
        if (state.allowances().allow(Mishap.OPERATION)) {
            operate(state);
        }
        if (state.lanes().isEmpty() && aside == null && !state.saga().state().isActive()) {
            end(state);
        }
    }

    // ---- what can happen ----

    private void befall(ExhaustiveState state, String topic, int index, Message message) {
        if (state.allowances().allow(Mishap.DUPLICATE)) {
            reachUnnoticed(state.withAside(message).after(Mishap.DUPLICATE));
        }
        if (state.allowances().allow(Mishap.LOSS)) {
            reachUnnoticed(state.without(topic, index).after(Mishap.LOSS));
        }
    }

    /** {@code read}: without the message. {@code unread}: with it, for who dies before he commits his offsets. */
    private void arrive(ExhaustiveState read, ExhaustiveState unread, Message message) {
        handle(read, message);
        if (unread.allowances().allow(Mishap.CRASH)) {
            handle(unread.after(Mishap.CRASH), message);
        }
    }

    private void handle(ExhaustiveState state, Message message) {
        if (message instanceof Message.Reply reply) {
            Call call = reply.call();
            SagaEvent event = new SagaEvent.ReplyArrived(
                    call.step(),
                    call.phase(),
                    call.generation(),
                    call.attempt(),
                    reply.outcome(),
                    reply.reason(),
                    null,
                    Map.of(),
                    reply.id());
            reach(decided(state, decide(state, event, state.now()), state.now()));
        } else if (message instanceof Message.Command command) {
            handle(state, command.call(), this::reach);
        }
    }

    private void handle(ExhaustiveState state, Call call, Consumer<ExhaustiveState> reached) {
        Visit visit = enter(state.inbox().copy(), call);
        Admission admission = engine.admission(visit, call);
        switch (admission.verb()) {
            case RUN, RESUME -> run(state, call, admission.generation(), reached);
            case ANSWER -> {
                OutcomeKind stored = Objects.requireNonNull(admission.outcome());
                reached.accept(answered(state, call, Outcome.valueOf(stored.name()), null, 0));
            }
            case LATE -> reached.accept(answered(state, call, Outcome.REJECTED, null, 0));
            case EMPTY -> reached.accept(answered(state, call, Outcome.SUCCEEDED, OutcomeKind.SUCCEEDED, 0));
        }
    }

    private void run(ExhaustiveState state, Call call, int generation, Consumer<ExhaustiveState> reached) {
        if (call.step().equals(REFUSED) && call.phase() == Phase.ACTION) {
            reached.accept(answered(state, call, Outcome.REJECTED, OutcomeKind.REJECTED, 0));
            return;
        }
        reached.accept(answered(state, call, Outcome.SUCCEEDED, OutcomeKind.SUCCEEDED, generation));
        if (state.allowances().allow(Mishap.REJECTION)) {
            ExhaustiveState refusing = state.after(Mishap.REJECTION);
            boolean remembered = call.phase() == Phase.ACTION;
            reached.accept(
                    remembered
                            ? answered(refusing, call, Outcome.REJECTED, OutcomeKind.REJECTED, 0)
                            : refusing.plus(reply(call, Outcome.REJECTED)));
        }
        if (state.allowances().allow(Mishap.ERROR)) {
            reached.accept(state.after(Mishap.ERROR).plus(reply(call, Outcome.RETRYABLE)));
        }
    }

    private static Visit enter(ModelInbox inbox, Call call) {
        return inbox.enter(
                call.sagaId(),
                call.step(),
                dev.counterstep.messaging.Phase.valueOf(call.phase().name()),
                call.generation());
    }

    /** Committed by the participant: inbox, effect (when {@code effectOf} is a generation) and reply. */
    private ExhaustiveState answered(
            ExhaustiveState state, Call call, Outcome outcome, @Nullable OutcomeKind remembered, int effectOf) {
        ModelInbox inbox = state.inbox().copy();
        Visit visit = enter(inbox, call);
        List<Effect> effects = state.effects();
        if (effectOf > 0) {
            if (engine.barsOpenActions()) {
                visit.run(effectOf);
            }
            effects = new ArrayList<>(effects);
            effects.add(new Effect(call.sagaId(), call.step(), call.phase(), effectOf, state.now()));
        }
        if (remembered != null) {
            engine.close(visit, effectOf > 0 ? effectOf : call.generation(), remembered, null);
        }
        engine.commit(visit);
        return state.with(inbox, effects).plus(reply(call, outcome));
    }

    private static Message reply(Call call, Outcome outcome) {
        return new Message.Reply(call, outcome, outcome == Outcome.SUCCEEDED ? null : "because", null);
    }

    /** The next timer: time goes on as far as that, and no further. */
    private void fire(ExhaustiveState state) {
        Instant due = Objects.requireNonNull(
                SagaStateMachine.nextActionAt(definition, state.saga(), Now.at(Agenda.instant(state.now()))));
        boolean early = state.saga().steps().values().stream()
                .anyMatch(step ->
                        step.status() == StepStatus.SENT && due.equals(step.dueAt()) && state.isOnItsWay(step.id()));
        if (early && !state.allowances().allow(Mishap.DELAY)) {
            return;
        }
        ExhaustiveState late = early ? state.after(Mishap.DELAY) : state;
        long then =
                Math.max(state.now(), Duration.between(Agenda.instant(0), due).toNanos() / 1_000);
        reach(decided(late, decide(state, new SagaEvent.TimerFired(), then), then));
    }

    private void operate(ExhaustiveState state) {
        List<SagaEvent> events = List.of(
                new SagaEvent.ReplayRequested("operator:ada", "repaired"),
                new SagaEvent.SkipRequested("operator:ada", "by hand"),
                new SagaEvent.AbandonRequested("operator:ada", "written off"),
                new SagaEvent.CompensateRequested("operator:ada", "fraud"),
                new SagaEvent.CancelRequested("client:orders", "changed my mind", "cancel"));
        for (SagaEvent event : events) {
            SagaDecision decision = decide(state, event, state.now());
            if (decision.refusal() == null && !decision.next().equals(state.saga())) {
                granted.add(event.getClass().getSimpleName());
                reach(decided(state.after(Mishap.OPERATION), decision, state.now()));
            }
        }
    }

    /** A log that told the row goes on to tell it: so each history's does, also where two come to the same state. */
    private SagaDecision decide(ExhaustiveState state, SagaEvent event, long now) {
        SagaDecision decision = engine.decide(definition, state.saga(), event, Now.at(Agenda.instant(now)));
        if (!ModelFold.fold(state.saga(), decision.entries()).equals(decision.next())) {
            violated(Check.LOG_FOLDS_TO_ROW, decision.entries() + " do not lead to " + decision.next());
        }
        return decision;
    }

    private ExhaustiveState decided(ExhaustiveState state, SagaDecision decision, long now) {
        ExhaustiveState next = state.with(decision.next(), decision.entries(), now);
        for (StepCommand command : decision.commands()) {
            SagaLogEntry.Coordinates to = command.coordinates();
            Call call = new Call(
                    SAGA,
                    command.participant(),
                    command.type(),
                    to.step(),
                    Objects.requireNonNull(to.phase()),
                    to.generation(),
                    to.attempt());
            next = next.plus(new Message.Command(engine.sent(call), command.key(), command.payload(), null));
        }
        return next;
    }

    // ---- what must hold: in every state, for what is wrong now is never right again; and in the end ----

    /** When nothing can happen any more, unless an operator does something. */
    private void end(ExhaustiveState state) {
        ends.merge(state.saga().state().name(), 1, Integer::sum);
        checks(state).checkEnd();
    }

    private SagaChecks checks(ExhaustiveState state) {
        return new SagaChecks(this::violated, definition, state.saga(), state.log(), state.effects(), List.of());
    }

    private void violated(Check check, String how) {
        violations.add(check + ": " + how);
    }
}
