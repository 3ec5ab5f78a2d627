package dev.counterstep.messaging.participant;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.participant.Barrier.Decision;
import dev.counterstep.messaging.participant.InboxRow.State;

/**
 * Table {@code inbox} in memory, for simulations: the rows are those of {@link Inbox}, the decisions those of {@link Barrier}, and
 * what follows from a decision is what {@link RoundTransactions} and {@link Round} make of it. The caller sees to it that one
 * transaction at a time visits a step, as the step's mutex does. Used by one thread.
 */
public final class ModelInbox {

    /** The latest generation of which a participant takes a command. */
    public static final int MOST_GENERATIONS = CommandReader.MOST_GENERATIONS;

    /** What to do with a command; the constants of the barrier. */
    public enum Verb {
        RUN,
        RESUME,
        ANSWER,
        LATE,
        EMPTY
    }

    /**
     * What the barrier says of a command.
     *
     * @param verb what to do with it
     * @param generation under which generation
     * @param outcome with ANSWER, the stored outcome; else null
     * @param reason with ANSWER, the stored reason; null when there is none
     */
    public record Admission(
            Verb verb,
            int generation,
            @Nullable OutcomeKind outcome,
            @Nullable String reason) {}

    private final Map<StepKey, Map<InboxKey, InboxRow>> committed = new HashMap<>();
    private @Nullable String text;

    /** An empty inbox. */
    public ModelInbox() {}

    /** The same rows once more, to go on from here in two ways. */
    public ModelInbox copy() {
        ModelInbox copy = new ModelInbox();
        copy.committed.putAll(committed); // a visit replaces a step's rows, and never changes them
        return copy;
    }

    /** Every row as text, in an order that does not depend on history: equal inboxes have equal texts. */
    public String rows() {
        if (text == null) {
            text = describe();
        }
        return text;
    }

    private String describe() {
        List<String> rows = new ArrayList<>();
        for (Map<InboxKey, InboxRow> step : committed.values()) {
            for (InboxRow row : step.values()) {
                InboxKey key = row.key();
                rows.add(key.step() + key.phase() + key.generation() + row.state());
            }
        }
        Collections.sort(rows);
        return String.join(" ", rows);
    }

    /** A command comes: the first statement of its transaction. */
    public Visit enter(UUID sagaId, String step, Phase phase, int generation) {
        InboxKey command = new InboxKey(sagaId, step, phase, generation);
        Visit visit = new Visit(command);
        Inbox.rowsOf(command).forEach(row -> visit.after.putIfAbsent(row.key(), row));
        Barrier.Verb verb = visit.decide().verb();
        boolean own = verb == Barrier.Verb.RUN || verb == Barrier.Verb.EMPTY;
        if (!own && visit.before.stream().noneMatch(row -> row.key().equals(command))) {
            visit.after.remove(command);
        }
        return visit;
    }

    /** The call of a command's open row has come back: the second transaction. */
    public Visit complete(UUID sagaId, String step, Phase phase, int generation) {
        return new Visit(new InboxKey(sagaId, step, phase, generation));
    }

    /** One step's rows within a transaction. Nothing is kept unless {@link #commit} is called. */
    public final class Visit {

        private final InboxKey command;
        private final List<InboxRow> before;
        private final Map<InboxKey, InboxRow> after;

        private Visit(InboxKey command) {
            Map<InboxKey, InboxRow> rows = committed.getOrDefault(command.stepKey(), Map.of());
            this.command = command;
            this.before = new ArrayList<>(rows.values());
            this.after = new LinkedHashMap<>(rows);
        }

        private Decision decide() {
            return Barrier.decide(command, before);
        }

        /** What the barrier says. */
        public Admission admission() {
            Decision decision = decide();
            InboxRow row = decision.row();
            Answer answer = row == null ? null : row.answer();
            return new Admission(
                    Verb.valueOf(decision.verb().name()),
                    decision.generation(),
                    answer == null ? null : answer.outcome(),
                    answer == null ? null : answer.reason());
        }

        /** The handler is run under a generation: a compensation closes the actions that are open. */
        public void run(int generation) {
            if (command.phase() == Phase.COMPENSATION) {
                Barrier.barredBy(command.withGeneration(generation), before)
                        .forEach(action -> replace(InboxRow.empty(action)));
            }
        }

        /** Whether there is a row of a generation. */
        public boolean has(int generation) {
            return after.containsKey(command.withGeneration(generation));
        }

        /** Whether the row of a generation still waits for its outcome. */
        public boolean isOpen(int generation) {
            InboxRow row = after.get(command.withGeneration(generation));
            return row != null && row.state() == State.OPEN;
        }

        /** The stored outcome of a row that is closed; null when it is barred. */
        public @Nullable OutcomeKind outcome(int generation) {
            Answer answer = Objects.requireNonNull(after.get(command.withGeneration(generation)), "no such row")
                    .answer();
            return answer == null ? null : answer.outcome();
        }

        /** Writes the outcome that is remembered. */
        public void close(int generation, OutcomeKind outcome, @Nullable String reason) {
            Answer answer = new Answer(outcome, "answered", reason, null, "{}".getBytes(StandardCharsets.UTF_8));
            replace(InboxRow.answered(command.withGeneration(generation), answer));
        }

        /** Stores what this visit changed. */
        public void commit() {
            committed.put(command.stepKey(), after);
            text = null;
        }

        private void replace(InboxRow closed) {
            InboxRow row = after.get(closed.key());
            if (row == null || row.state() != State.OPEN) {
                throw new IllegalStateException("the row of " + closed.key() + " is not open but " + row);
            }
            after.put(closed.key(), closed);
        }
    }
}
