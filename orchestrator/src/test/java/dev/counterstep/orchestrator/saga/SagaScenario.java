package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A saga in virtual time, told as given / when / then: {@code given(definition).started().expect("reserve")}. After every
 * event it checks what must always hold: the log folds to the instance, a command goes with each COMMAND_SENT, and an active
 * saga has a next action.
 */
public final class SagaScenario {

    public static final UUID SAGA = UUID.fromString("01900000-0000-7000-8000-000000000001");
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SagaDefinition definition;
    private final List<SagaLogEntry> log = new ArrayList<>();
    private final List<StepCommand> commands = new ArrayList<>();
    private Instant at = START;
    private final Map<String, Instant> answerableSince = new HashMap<>();
    private @Nullable SagaDecision last;

    private SagaScenario(SagaDefinition definition) {
        this.definition = definition;
    }

    static SagaScenario given(SagaDefinition definition) {
        return new SagaScenario(definition);
    }

    SagaScenario started() {
        return started(Map.of("orderId", "o-1"));
    }

    SagaScenario started(Map<String, Object> input) {
        var origin = new SagaInstance.Origin("o-1", null);
        var start = new SagaEvent.StartRequested(SAGA, "o-1", input, origin, "client:/order-service", "event-1");
        return decided(SagaStateMachine.start(definition, start, now()));
    }

    SagaScenario when(SagaEvent event) {
        return decided(SagaStateMachine.decide(definition, saga(), event, now()));
    }

    SagaScenario succeeds(String step) {
        return when(answer(step, Outcome.SUCCEEDED, null));
    }

    SagaScenario rejects(String step, String reason) {
        return when(answer(step, Outcome.REJECTED, reason));
    }

    SagaScenario fails(String step, String reason) {
        return when(answer(step, Outcome.RETRYABLE, reason));
    }

    /** Time passes until the saga's next action, and its timer fires. */
    SagaScenario due() {
        Instant next =
                Objects.requireNonNull(SagaStateMachine.nextActionAt(definition, saga(), now()), "nothing is due");
        at = next.isAfter(at) ? next : at;
        return when(new SagaEvent.TimerFired());
    }

    SagaScenario after(Duration time) {
        at = at.plus(time);
        return this;
    }

    /** Up to now none of these participants could be heard; none named: nobody at all. */
    SagaScenario unheardUntilNow(String... participants) {
        Stream<String> unheard = participants.length > 0
                ? Stream.of(participants)
                : definition.steps().stream().map(SagaStep::participant);
        unheard.forEach(participant -> answerableSince.put(participant, at));
        return this;
    }

    /** Exactly commands of these types were sent by the last event, in this order. */
    SagaScenario expect(String... types) {
        assertThat(decision().commands()).extracting(StepCommand::type).containsExactly(types);
        return this;
    }

    SagaScenario expectState(SagaState state) {
        assertThat(saga().state()).isEqualTo(state);
        return this;
    }

    SagaScenario expectStep(String step, StepStatus status) {
        assertThat(saga().step(step).status()).as(step).isEqualTo(status);
        return this;
    }

    SagaScenario expectLogged(LogKind... kinds) {
        assertThat(decision().entries()).extracting(SagaLogEntry::kind).containsExactly(kinds);
        return this;
    }

    SagaScenario expectRefused(String reason) {
        assertThat(decision().refusal()).contains(reason);
        assertThat(decision().entries()).isEmpty();
        return this;
    }

    SagaScenario expectReason(String reason) {
        assertThat(saga().failureReason()).isEqualTo(reason);
        return this;
    }

    /** An answer to the command that the step sent last. */
    SagaEvent.ReplyArrived answer(String step, Outcome outcome, @Nullable String reason) {
        StepInstance instance = saga().step(step);
        Phase phase = instance.phase() == null ? Phase.ACTION : instance.phase();
        return new SagaEvent.ReplyArrived(
                step,
                phase,
                instance.generation(),
                instance.attempts(),
                outcome,
                reason,
                null,
                Map.of("by", step),
                "reply-" + log.size());
    }

    SagaInstance saga() {
        return decision().next();
    }

    SagaDecision decision() {
        if (last == null) {
            throw new IllegalStateException("the saga is not started yet");
        }
        return last;
    }

    List<SagaLogEntry> log() {
        return log;
    }

    List<StepCommand> commands() {
        return commands;
    }

    private Now now() {
        return new Now(at, answerableSince);
    }

    private SagaScenario decided(SagaDecision decision) {
        last = decision;
        log.addAll(decision.entries());
        commands.addAll(decision.commands());
        assertThat(SagaFold.fold(SAGA, definition, log)).as("fold of the log").isEqualTo(decision.next());
        assertThat(decision.entries().stream()
                        .filter(entry -> entry.kind() == LogKind.COMMAND_SENT)
                        .map(SagaLogEntry::coordinates))
                .isEqualTo(decision.commands().stream()
                        .map(StepCommand::coordinates)
                        .toList());
        assertThat(decision.nextActionAt() != null)
                .as("next action in state %s", decision.next().state())
                .isEqualTo(decision.next().state().isActive());
        assertThat(decision.next().endedAt() != null)
                .isEqualTo(decision.next().state().isFinal());
        return this;
    }
}
