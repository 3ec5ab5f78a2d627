package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.participant.ModelInbox.Admission;
import dev.counterstep.messaging.participant.ModelInbox.Verb;
import dev.counterstep.messaging.participant.ModelInbox.Visit;
import dev.counterstep.orchestrator.saga.LogKind;
import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.OnStuckCompensation;
import dev.counterstep.orchestrator.saga.Outcome;
import dev.counterstep.orchestrator.saga.Phase;
import dev.counterstep.orchestrator.saga.RetryPolicy;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaEvent.ReplyArrived;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaState;
import dev.counterstep.orchestrator.saga.SagaStep;
import dev.counterstep.orchestrator.saga.StepCommand;
import dev.counterstep.orchestrator.saga.StepInstance;
import dev.counterstep.orchestrator.saga.StepKind;
import dev.counterstep.orchestrator.saga.StepStatus;
import dev.counterstep.orchestrator.simulation.Message.Call;
import dev.counterstep.orchestrator.simulation.ModelDatabase.OutboxRow;

/**
 * What would go wrong if one rule of the engine were missing. Each bug is one deviation from {@link Engine}; the simulation must
 * catch every one of them, or it proves nothing of the rule.
 */
enum PlantedBug {
    INBOX_ROW_NOT_STORED("the inbox row is not inserted", new Engine() {
        @Override
        void commit(Visit visit) {}
    }),

    ACKNOWLEDGED_BEFORE_COMMIT("a consumer commits its offsets before its transaction", new Engine() {
        @Override
        boolean commitsBeforeItAcknowledges() {
            return false;
        }
    }),

    COMPENSATED_TWICE("a repeated compensation is run again instead of answered", new Engine() {
        @Override
        Admission admission(Visit visit, Call call) {
            return runInstead(visit, call, Verb.ANSWER, Phase.COMPENSATION);
        }

        @Override
        void close(Visit visit, int generation, OutcomeKind outcome, @Nullable String reason) {
            closeIfOpen(visit, generation, outcome, reason);
        }
    }),

    ANOTHER_GENERATIONS_REPLY_ACCEPTED("a reply of another generation is taken for this one's", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            return super.decide(definition, saga, inTheStepsGeneration(saga, event), now);
        }
    }),

    VERSION_IGNORED("sagas are neither locked nor updated at the version that was read", new Engine() {
        @Override
        boolean locksSagas() {
            return false;
        }

        @Override
        boolean checksVersions() {
            return false;
        }
    }),

    OPERATORS_VERSION_IGNORED("an operator's expected version is not looked at", new Engine() {
        @Override
        boolean checksWhatOperatorsSaw() {
            return false;
        }
    }),

    WRONG_COMPENSATION_ORDER("groups are compensated from the front", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            boolean backward = saga.state() == SagaState.COMPENSATING;
            return super.decide(backward ? reversed(definition) : definition, saga, event, now);
        }
    }),

    STOP_GOES_ON(
            "earlier groups are compensated although a later one is stuck and the definition says stop", new Engine() {
                @Override
                SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
                    SagaDefinition goingOn = with(definition, OnStuckCompensation.CONTINUE, definition.groups());
                    return super.decide(goingOn, saga, event, now);
                }
            }),

    TIMERS_LOST_ON_RESTART("timers live in a process and die with it", new Engine() {
        @Override
        boolean timersOutliveTheirProcess() {
            return false;
        }
    }),

    EMPTY_COMPENSATION_RUNS("a compensation without an action is run", new Engine() {
        @Override
        Admission admission(Visit visit, Call call) {
            return runInstead(visit, call, Verb.EMPTY, Phase.COMPENSATION);
        }
    }),

    LATE_ACTION_RUNS("an action that comes after its compensation is run", new Engine() {
        @Override
        Admission admission(Visit visit, Call call) {
            return runInstead(visit, call, Verb.LATE, Phase.ACTION);
        }

        @Override
        void close(Visit visit, int generation, OutcomeKind outcome, @Nullable String reason) {
            closeIfOpen(visit, generation, outcome, reason);
        }
    }),

    LOG_OUTSIDE_THE_TRANSACTION("the log is written before the decision is committed", new Engine() {
        @Override
        boolean logsInTheTransaction() {
            return false;
        }
    }),

    REMOVED_BEFORE_ACKNOWLEDGEMENT("the relay removes rows before it sends them", new Engine() {
        @Override
        boolean removesBeforeTheAcknowledgement() {
            return true;
        }
    }),

    FAILED_ROWS_REMOVED("the relay removes the whole batch when only some of it was acknowledged", new Engine() {
        @Override
        List<OutboxRow> removable(List<OutboxRow> sent, List<OutboxRow> acknowledged) {
            return sent;
        }
    }),

    ANNOUNCES_ONCE("an order is announced once, and never again", new Engine() {
        @Override
        boolean announcesUntilItHears() {
            return false;
        }
    }),

    READS_BEHIND_A_CURSOR("the relay reads ids greater than the last it read", new Engine() {
        @Override
        long readsFrom(long floor, long cursor) {
            return cursor + 1;
        }
    }),

    REMOVES_UP_TO_THE_LAST("the relay removes every id up to the last one that was acknowledged", new Engine() {
        @Override
        void remove(List<OutboxRow> rows, SortedMap<Long, OutboxRow> outbox) {
            rows.stream()
                    .mapToLong(OutboxRow::id)
                    .max()
                    .ifPresent(last -> outbox.headMap(last + 1).clear());
        }
    }),

    UNKNOWN_STEP_NOT_COMPENSATED("a step whose outcome is unknown counts as not done", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            return super.decide(withoutUndoOfTheUnanswered(definition, saga), saga, event, now);
        }
    }),

    REJECTED_STEP_COMPENSATED("a step that was rejected is compensated as if nobody knew", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            boolean rejected = event instanceof ReplyArrived reply
                    && reply.outcome() == Outcome.REJECTED
                    && reply.phase() == Phase.ACTION
                    && saga.steps().containsKey(reply.step())
                    && saga.step(reply.step()).kind() != StepKind.RETRIABLE;
            return rejected
                    ? super.decide(withOneAttempt(definition), saga, as(saga, (ReplyArrived) event), now)
                    : super.decide(definition, saga, event, now);
        }

        private ReplyArrived as(SagaInstance saga, ReplyArrived reply) {
            int attempt = saga.step(reply.step()).attempts();
            return answering(reply, reply.generation(), attempt, Outcome.RETRYABLE);
        }
    }),

    GIVES_UP_SILENTLY("a compensation out of attempts counts as done", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            if (event instanceof ReplyArrived reply
                    && reply.phase() == Phase.COMPENSATION
                    && reply.outcome() == Outcome.RETRYABLE
                    && saga.steps().containsKey(reply.step())
                    && saga.step(reply.step()).attempts()
                            >= definition.step(reply.step()).retry().attempts()) {
                ReplyArrived done = answering(reply, reply.generation(), reply.attempt(), Outcome.SUCCEEDED);
                return super.decide(definition, saga, done, now);
            }
            return super.decide(definition, saga, event, now);
        }
    }),

    GROUP_NOT_JOINED("a parallel group counts as finished with its first step", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            boolean forward = saga.state() == SagaState.RUNNING;
            return super.decide(forward ? unjoined(definition, saga, event) : definition, saga, event, now);
        }
    }),

    REPLAY_KEEPS_THE_GENERATION("what is replayed is sent under its old generation", new Engine() {
        @Override
        Call sent(Call call) {
            return new Call(
                    call.sagaId(), call.participant(), call.type(), call.step(), call.phase(), 1, call.attempt());
        }
    }),

    COMMANDS_BEFORE_COMMIT("commands are sent while they are decided on, without the outbox", new Engine() {
        @Override
        boolean sendsCommandsThroughTheOutbox() {
            return false;
        }
    }),

    REPLIES_BEFORE_COMMIT("a participant replies before its transaction is committed", new Engine() {
        @Override
        boolean sendsRepliesThroughTheOutbox() {
            return false;
        }
    }),

    TWO_SAGAS_OF_ONE_KEY("a key does not keep a second saga from being started", new Engine() {
        @Override
        boolean keysAreUnique() {
            return false;
        }
    }),

    ATTEMPTS_HAVE_KEYS_OF_THEIR_OWN("an attempt's message has another key than the one before", new Engine() {
        @Override
        String key(StepCommand command) {
            return super.key(command) + "-" + command.coordinates().attempt();
        }
    }),

    NEW_KEY_FOR_EACH_ATTEMPT(
            "an external system is called under another idempotency key with each attempt", new Engine() {
                @Override
                String idempotencyKey(Call call, int generation, @Nullable String live) {
                    return super.idempotencyKey(call, generation, null) + ":" + call.attempt();
                }
            }),

    OPEN_CALL_NOT_BARRED("a compensation leaves its action's open row open", new Engine() {
        @Override
        boolean barsOpenActions() {
            return false;
        }
    }),

    CLOCKS_RUN_IN_PAUSES("clocks run on while a participant is paused", new Engine() {
        @Override
        Now now(Instant at, Map<String, Instant> since, Set<String> paused) {
            Map<String, Instant> running = new HashMap<>(since);
            running.keySet().removeAll(paused);
            return super.now(at, running, paused);
        }
    }),

    CLOCKS_RUN_IN_OUTAGES("clocks run on while the broker is away", new Engine() {
        @Override
        Now now(Instant at, Map<String, Instant> since, Set<String> paused) {
            return Now.at(at);
        }

        @Override
        Optional<Instant> firesUntil(Optional<Instant> readUntil, Instant now) {
            return Optional.of(now);
        }
    }),

    UNDONE_WITHOUT_FORBIDDING(
            "an external effect that may still be on its way is not forbidden before it is undone", new Engine() {
                @Override
                boolean voidsBeforeItRefunds() {
                    return false;
                }
            }),

    REPLY_DATA_NOT_LOGGED("what a reply brought is stored in the row only", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            SagaDecision decision = super.decide(definition, saga, event, now);
            return logging(decision, decision.entries().stream().map(PlantedBug::withoutData));
        }
    }),

    SENT_AND_NOT_LOGGED("a retriable step's command is sent and not logged", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            SagaDecision decision = super.decide(definition, saga, event, now);
            return logging(
                    decision,
                    decision.entries().stream()
                            .filter(entry -> entry.kind() != LogKind.COMMAND_SENT
                                    || entry.coordinates() == null
                                    || definition
                                                    .step(entry.coordinates().step())
                                                    .kind()
                                            != StepKind.RETRIABLE));
        }
    }),

    RETRY_WITHOUT_TIMER("a saga that waits for a retry has no next action", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            SagaDecision decision = super.decide(definition, saga, event, now);
            boolean retries =
                    decision.next().steps().values().stream().anyMatch(step -> step.status() == StepStatus.RETRYING);
            return retries
                    ? new SagaDecision(
                            decision.next(), decision.entries(), decision.commands(), null, decision.refusal())
                    : decision;
        }
    }),

    STICKS_SILENTLY("a stuck saga does not say why", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            SagaDecision decision = super.decide(definition, saga, event, now);
            return decision.next().state() == SagaState.STUCK
                    ? new SagaDecision(
                            unexplained(decision.next()),
                            decision.entries(),
                            decision.commands(),
                            decision.nextActionAt(),
                            decision.refusal())
                    : decision;
        }
    }),

    RETRIABLE_GIVEN_UP("a retriable step out of attempts counts as done", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            if (event instanceof ReplyArrived reply
                    && reply.outcome() == Outcome.RETRYABLE
                    && saga.steps().containsKey(reply.step())
                    && saga.step(reply.step()).kind() == StepKind.RETRIABLE
                    && saga.step(reply.step()).attempts()
                            >= definition.step(reply.step()).retry().attempts()) {
                ReplyArrived done = answering(reply, reply.generation(), reply.attempt(), Outcome.SUCCEEDED);
                return super.decide(definition, saga, done, now);
            }
            return super.decide(definition, saga, event, now);
        }
    }),

    RETRIES_FOR_EVER("what is sent in vain is sent again, however often it was", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            SagaDefinition tireless = mapped(definition, step -> withAttempts(step, RetryPolicy.MAX_ATTEMPTS));
            return super.decide(tireless, saga, event, now);
        }
    }),

    GIVES_UP_AT_ONCE("an action is given up with its first error, whatever attempts are left", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            boolean failed = event instanceof ReplyArrived reply && reply.outcome() == Outcome.RETRYABLE;
            return super.decide(failed ? withOneAttempt(definition) : definition, saga, event, now);
        }
    }),

    DEADLINE_RUNS_ON("a saga's deadline passes although its participants could not be heard", new Engine() {
        @Override
        SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
            boolean passed = event instanceof SagaEvent.TimerFired
                    && saga.deadlineAt() != null
                    && saga.state() == SagaState.RUNNING
                    && !saga.isPivotPassed()
                    && !now.at().isBefore(saga.deadlineAt());
            return super.decide(definition, saga, event, passed ? Now.at(now.at()) : now);
        }
    }),

    COMPENSATION_HAS_A_KEY_OF_ITS_OWN("a compensation has another key than its action", new Engine() {
        @Override
        String key(StepCommand command) {
            return super.key(command) + (command.coordinates().phase() == Phase.COMPENSATION ? "-undo" : "");
        }
    });

    /** In one sentence, for the page. */
    final String description;

    @SuppressWarnings("ImmutableEnumChecker") // engines have no state
    final Engine engine;

    PlantedBug(String description, Engine engine) {
        this.description = description;
        this.engine = engine;
    }

    private static Admission runInstead(Visit visit, Call call, Verb verb, Phase phase) {
        Admission admission = visit.admission();
        return admission.verb() == verb && call.phase() == phase
                ? new Admission(Verb.RUN, call.generation(), null, null)
                : admission;
    }

    private static void closeIfOpen(Visit visit, int generation, OutcomeKind outcome, @Nullable String reason) {
        if (visit.isOpen(generation)) {
            visit.close(generation, outcome, reason);
        }
    }

    private static ReplyArrived answering(ReplyArrived reply, int generation, int attempt, Outcome outcome) {
        return new ReplyArrived(
                reply.step(),
                reply.phase(),
                generation,
                attempt,
                outcome,
                reply.reason(),
                reply.retryAfter(),
                reply.data(),
                reply.messageId());
    }

    private static SagaEvent inTheStepsGeneration(SagaInstance saga, SagaEvent event) {
        if (event instanceof ReplyArrived reply && saga.steps().containsKey(reply.step())) {
            return answering(reply, saga.step(reply.step()).generation(), reply.attempt(), reply.outcome());
        }
        return event;
    }

    private static SagaDefinition reversed(SagaDefinition definition) {
        List<List<SagaStep>> groups = new ArrayList<>(definition.groups());
        Collections.reverse(groups);
        return with(definition, definition.onStuckCompensation(), groups);
    }

    private static SagaDefinition with(
            SagaDefinition definition, OnStuckCompensation onStuck, List<List<SagaStep>> groups) {
        return new SagaDefinition(definition.name(), definition.version(), definition.timeout(), onStuck, groups);
    }

    private static SagaDefinition withoutUndoOfTheUnanswered(SagaDefinition definition, SagaInstance saga) {
        return mapped(definition, step -> {
            StepInstance instance = saga.step(step.id());
            boolean unanswered = instance.phase() == Phase.ACTION
                    && (instance.status().isInFlight() || instance.status() == StepStatus.UNKNOWN);
            return unanswered && step.action() != null ? withUndo(step, null) : step;
        });
    }

    private static SagaStep withUndo(SagaStep step, @Nullable String compensation) {
        return new SagaStep(
                step.id(),
                step.participant(),
                step.action(),
                compensation,
                step.kind(),
                step.timeout(),
                step.retry(),
                step.expressions());
    }

    private static SagaDefinition withOneAttempt(SagaDefinition definition) {
        return mapped(definition, step -> step.kind() == StepKind.RETRIABLE ? step : withAttempts(step, 1));
    }

    private static SagaStep withAttempts(SagaStep step, int attempts) {
        RetryPolicy retry = step.retry();
        return new SagaStep(
                step.id(),
                step.participant(),
                step.action(),
                step.compensation(),
                step.kind(),
                step.timeout(),
                new RetryPolicy(attempts, retry.backoff(), retry.multiplier(), retry.max(), retry.jitter()),
                step.expressions());
    }

    /** The same decision with other entries: the row is what it should be, its log is not. */
    private static SagaDecision logging(SagaDecision decision, Stream<SagaLogEntry> entries) {
        return new SagaDecision(
                decision.next(), entries.toList(), decision.commands(), decision.nextActionAt(), decision.refusal());
    }

    private static SagaLogEntry withoutData(SagaLogEntry entry) {
        Map<String, Object> detail = new LinkedHashMap<>(entry.detail());
        detail.remove(SagaLogEntry.Detail.DATA);
        return new SagaLogEntry(
                entry.at(), entry.kind(), entry.coordinates(), entry.messageId(), entry.actor(), detail);
    }

    private static SagaInstance unexplained(SagaInstance saga) {
        return new SagaInstance(
                saga.id(),
                saga.definition(),
                saga.definitionVersion(),
                saga.businessKey(),
                saga.state(),
                saga.startedAt(),
                saga.updatedAt(),
                saga.endedAt(),
                saga.deadlineAt(),
                null,
                null,
                saga.origin(),
                saga.input(),
                saga.replies(),
                saga.steps());
    }

    private static SagaDefinition mapped(SagaDefinition definition, UnaryOperator<SagaStep> mapping) {
        List<List<SagaStep>> groups = definition.groups().stream()
                .map(group -> group.stream().map(mapping).toList())
                .toList();
        return with(definition, definition.onStuckCompensation(), groups);
    }

    /** The steps that are still waited for come last. */
    private static SagaDefinition unjoined(SagaDefinition definition, SagaInstance saga, SagaEvent event) {
        String answered = event instanceof ReplyArrived reply ? reply.step() : "";
        List<List<SagaStep>> groups = new ArrayList<>();
        List<SagaStep> waiting = new ArrayList<>();
        for (List<SagaStep> group : definition.groups()) {
            List<SagaStep> others = group.stream()
                    .filter(step -> group.size() == 1
                            || step.id().equals(answered)
                            || !saga.step(step.id()).status().isInFlight())
                    .toList();
            group.stream().filter(step -> !others.contains(step)).forEach(waiting::add);
            if (!others.isEmpty()) {
                groups.add(others);
            }
        }
        if (!waiting.isEmpty()) {
            groups.add(waiting);
        }
        return with(definition, definition.onStuckCompensation(), groups);
    }
}
