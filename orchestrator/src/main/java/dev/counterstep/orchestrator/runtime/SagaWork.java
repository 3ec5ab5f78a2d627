package dev.counterstep.orchestrator.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.orchestrator.definition.DefinitionVersion;
import dev.counterstep.orchestrator.persistence.SagaStore;
import dev.counterstep.orchestrator.persistence.StoredSaga;
import dev.counterstep.orchestrator.saga.Now;
import dev.counterstep.orchestrator.saga.SagaDecision;
import dev.counterstep.orchestrator.saga.SagaDefinition;
import dev.counterstep.orchestrator.saga.SagaEvent;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.SagaStateMachine;

/** One saga of a batch: how it was found, and what the batch's decisions have made of it so far. Nothing of it is stored yet. */
final class SagaWork {

    private @Nullable StoredSaga before;
    private SagaInstance saga;
    private @Nullable Instant nextActionAt;
    private boolean ordered;
    private final List<SagaLogEntry> entries = new ArrayList<>();
    private final List<OutboundMessage> commands = new ArrayList<>();

    private SagaWork(@Nullable StoredSaga before, SagaInstance saga, @Nullable Instant nextActionAt, boolean ordered) {
        this.before = before;
        this.saga = saga;
        this.nextActionAt = nextActionAt;
        this.ordered = ordered;
    }

    static SagaWork on(StoredSaga stored) {
        return new SagaWork(stored, stored.instance(), stored.nextActionAt(), false);
    }

    static SagaWork starting(SagaDecision decision, List<OutboundMessage> commands) {
        SagaWork work = new SagaWork(null, decision.next(), null, true);
        work.take(decision, commands, decision.next().updatedAt());
        return work;
    }

    SagaInstance saga() {
        return saga;
    }

    DefinitionVersion definitionVersion() {
        return new DefinitionVersion(saga.definition(), saga.definitionVersion());
    }

    /**
     * Decides on an event.
     *
     * @param now the batch's time; a saga's own never runs backwards, even when the database's clock does
     * @throws IllegalArgumentException when a command is over a limit of the wire protocol; then nothing was decided
     */
    Handled decide(SagaDefinition definition, SagaEvent event, Now now, SagaMessages messages) {
        order(definition);
        Instant at = now.at().isAfter(saga.updatedAt()) ? now.at() : saga.updatedAt();
        SagaDecision decision = SagaStateMachine.decide(definition, saga, event, new Now(at, now.answerableSince()));
        if (decision.refusal() != null) {
            return new Handled(Handled.Kind.REFUSED, saga.id(), decision.refusal());
        }
        take(decision, messages.commands(definition, saga, decision.commands()), at);
        return Handled.of(Handled.Kind.DONE, saga.id());
    }

    /** Puts the steps in the order of the definition, as the core wants them. */
    private void order(SagaDefinition definition) {
        if (!ordered && before != null) {
            before = before.inOrderOf(definition);
            saga = before.instance();
            ordered = true;
        }
    }

    private void take(SagaDecision decision, List<OutboundMessage> messages, Instant at) {
        saga = decision.next();
        nextActionAt = SagaStateMachine.nextLookAt(nextActionAt, decision.nextActionAt(), at);
        entries.addAll(decision.entries());
        commands.addAll(messages);
    }

    /** Its timer could not be handled: it fires again later, and does not hold up the others until then. */
    void postpone(Instant until) {
        nextActionAt = until;
    }

    boolean isNew() {
        return before == null;
    }

    /** False when its row stays as it is: then only the log may have grown. */
    boolean isChanged() {
        return before != null
                && (!saga.equals(before.instance()) || !Objects.equals(nextActionAt, before.nextActionAt()));
    }

    /** The version before this batch's decisions; 0 when there was none. */
    long versionBefore() {
        return before == null ? 0 : before.version();
    }

    /** The row to store. */
    StoredSaga after() {
        return new StoredSaga(saga, versionBefore() + 1, nextActionAt);
    }

    /** What becomes of a row that was there before. */
    SagaStore.Change change() {
        return new SagaStore.Change(Objects.requireNonNull(before), after());
    }

    List<SagaLogEntry> entries() {
        return entries;
    }

    List<OutboundMessage> commands() {
        return commands;
    }
}
