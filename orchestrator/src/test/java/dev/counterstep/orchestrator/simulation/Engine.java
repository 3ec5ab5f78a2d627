package dev.counterstep.orchestrator.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.participant.ModelInbox.Admission;
import dev.counterstep.messaging.participant.ModelInbox.Visit;
import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaEvent.StartRequested;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaStateMachine;
import dev.counterstep.orchestrator.saga.StepCommand;
import dev.counterstep.orchestrator.simulation.Message.Call;
import dev.counterstep.orchestrator.simulation.ModelDatabase.OutboxRow;

/**
 * Where the simulation asks the engine, and where it depends on one of its rules. All answers here are the engine's own; a
 * {@link PlantedBug} overrides one of them. So the main code needs no switches, and the models need no bugs.
 */
class Engine {

    /** The engine as it is. */
    static final Engine REAL = new Engine();

    /** The time of a decision; {@code since} is what the node knows of each participant, {@code paused} who is paused. */
    Now now(Instant at, Map<String, Instant> since, Set<String> paused) {
        return new Now(at, since);
    }

    /** What is due by then may be fired; empty while nobody can be heard. */
    Optional<Instant> firesUntil(Optional<Instant> readUntil, Instant now) {
        return readUntil;
    }

    SagaDecision start(SagaDefinition definition, StartRequested start, Now now) {
        return SagaStateMachine.start(definition, start, now);
    }

    SagaDecision decide(SagaDefinition definition, SagaInstance saga, SagaEvent event, Now now) {
        return SagaStateMachine.decide(definition, saga, event, now);
    }

    /** The command as it is sent. */
    Call sent(Call call) {
        return call;
    }

    /** The key of a command's message. */
    String key(StepCommand command) {
        return command.key();
    }

    /** A batch locks its sagas before it reads them. */
    boolean locksSagas() {
        return true;
    }

    /** A saga's row is updated only at the version that was read. */
    boolean checksVersions() {
        return true;
    }

    /** A key is taken by the first saga that has it. */
    boolean keysAreUnique() {
        return true;
    }

    /** An operator's request is granted only at the version he saw. */
    boolean checksWhatOperatorsSaw() {
        return true;
    }

    /** The log is written in the decision's transaction. */
    boolean logsInTheTransaction() {
        return true;
    }

    /** Commands go through the outbox. */
    boolean sendsCommandsThroughTheOutbox() {
        return true;
    }

    /** An order is announced again until its saga has been heard of. */
    boolean announcesUntilItHears() {
        return true;
    }

    /** Replies go through the outbox. */
    boolean sendsRepliesThroughTheOutbox() {
        return true;
    }

    /** Timers are rows. */
    boolean timersOutliveTheirProcess() {
        return true;
    }

    /** Offsets follow the commit. */
    boolean commitsBeforeItAcknowledges() {
        return true;
    }

    /** Rows are removed after the broker's acknowledgement. */
    boolean removesBeforeTheAcknowledgement() {
        return false;
    }

    /** Of the rows sent, those to remove. */
    List<OutboxRow> removable(List<OutboxRow> sent, List<OutboxRow> acknowledged) {
        return acknowledged;
    }

    /** Removes rows. */
    void remove(List<OutboxRow> rows, SortedMap<Long, OutboxRow> outbox) {
        rows.forEach(row -> outbox.remove(row.id()));
    }

    /** The lowest id to read; {@code floor} is the relay's hint, {@code cursor} the highest id that it ever read. */
    long readsFrom(long floor, long cursor) {
        return floor;
    }

    /** What the barrier says of a command. */
    Admission admission(Visit visit, Call call) {
        return visit.admission();
    }

    /** Stores the inbox rows of a transaction. */
    void commit(Visit visit) {
        visit.commit();
    }

    /** Remembers an outcome. */
    void close(Visit visit, int generation, OutcomeKind outcome, @Nullable String reason) {
        visit.close(generation, outcome, reason);
    }

    /** Whether a compensation that is run closes what is open of its action. */
    boolean barsOpenActions() {
        return true;
    }

    /** The key under which an external system is to act once. */
    String idempotencyKey(Call call, int generation, @Nullable String live) {
        return live == null ? call.sagaId().getLeastSignificantBits() + ":" + call.step() + ":" + generation : live;
    }

    /** Whether undoing an external effect forbids it first, for it may still be on its way. */
    boolean voidsBeforeItRefunds() {
        return true;
    }
}
