package dev.counterstep.messaging.participant;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.participant.InboxRow.State;

/**
 * Decides what a command may do, from what the inbox held for its step before it came. A pure function: {@link Inbox} sees
 * to it that the rows are complete and that nobody changes them meanwhile.
 *
 * <ol>
 *   <li>A command that was answered is answered again from its row.
 *   <li>A compensation bars the actions of its own and all earlier generations; a later generation bars earlier actions.
 *   <li>A row that is open belongs to a command whose external call was interrupted, or still runs elsewhere: the command is
 *       resumed under <em>that</em> row's generation, so that the external system sees one idempotency key. At most one row of
 *       a phase is open.
 *   <li>An action that succeeded, and is not compensated, answers for later generations too.
 *   <li>A compensation runs when there is something to undo: an action that succeeded, or one whose outcome is open.
 * </ol>
 *
 * <p>After the sub-transaction barrier of dtm ({@code client/dtmcli/barrier.go}), with generations and open calls added.
 */
final class Barrier {

    /** What to do with a command. */
    enum Verb {
        /** Run the handler, for the first time. */
        RUN,
        /** Run the handler again: an external call was begun and its outcome is not known. */
        RESUME,
        /** Answer from the row; no effect. */
        ANSWER,
        /** Refuse an action that came after its compensation, or after a later generation; no effect. */
        LATE,
        /** Succeed without running the handler: there is nothing to undo. */
        EMPTY
    }

    /**
     * The decision.
     *
     * @param verb what to do
     * @param generation the generation to do it under; another than the command's when an earlier one is open
     * @param row with ANSWER, the row to answer from; else null
     */
    record Decision(Verb verb, int generation, @Nullable InboxRow row) {}

    private final InboxKey command;
    private final List<InboxRow> before;

    private Barrier(InboxKey command, List<InboxRow> before) {
        this.command = command;
        this.before = before;
    }

    /**
     * @param command the command that came
     * @param before every row of its step, of both phases, as committed before the command came
     */
    static Decision decide(InboxKey command, List<InboxRow> before) {
        Barrier barrier = new Barrier(command, before);
        return command.phase() == Phase.ACTION ? barrier.decideAction() : barrier.decideCompensation();
    }

    /** The open actions that a compensation bars when it runs, so that a late completion of their calls has no effect. */
    static List<InboxKey> barredBy(InboxKey compensation, List<InboxRow> before) {
        return before.stream()
                .filter(row -> row.key().phase() == Phase.ACTION && row.state() == State.OPEN)
                .map(InboxRow::key)
                .filter(key -> key.generation() <= compensation.generation())
                .toList();
    }

    private Decision decideAction() {
        Optional<InboxRow> own = own();
        if (own.isPresent() && own.get().answer() != null) {
            return answer(own.get());
        }
        int compensated = newestCompensation();
        Optional<InboxRow> success =
                newest(Phase.ACTION, row -> row.state() == State.SUCCEEDED && generation(row) > compensated);
        if (success.isPresent()) {
            return answer(success.get());
        }
        boolean barred = own.isPresent() && own.get().state() == State.EMPTY;
        if (barred
                || compensated >= command.generation()
                || open(Phase.COMPENSATION).isPresent()) {
            return decision(Verb.LATE);
        }
        return open(Phase.ACTION).map(Barrier::resume).orElseGet(() -> decision(Verb.RUN));
    }

    private Decision decideCompensation() {
        Optional<InboxRow> own = own();
        if (own.isPresent() && own.get().answer() != null) {
            return answer(own.get());
        }
        Optional<InboxRow> open = open(Phase.COMPENSATION);
        if (open.isPresent()) {
            return resume(open.get());
        }
        int compensated = newestCompensation();
        if (newest(Phase.ACTION, row -> mayHaveAnEffect(row) && generation(row) > compensated)
                .isPresent()) {
            return decision(Verb.RUN);
        }
        return newest(Phase.COMPENSATION, row -> true).map(Barrier::answer).orElseGet(() -> decision(Verb.EMPTY));
    }

    private boolean mayHaveAnEffect(InboxRow action) {
        return generation(action) <= command.generation()
                && (action.state() == State.SUCCEEDED || action.state() == State.OPEN);
    }

    private Optional<InboxRow> own() {
        return before.stream().filter(row -> row.key().equals(command)).findFirst();
    }

    private Optional<InboxRow> open(Phase phase) {
        return newest(phase, row -> row.state() == State.OPEN);
    }

    /** The newest compensation's generation, begun or done; 0 when there is none. */
    private int newestCompensation() {
        return newest(Phase.COMPENSATION, row -> true).map(Barrier::generation).orElse(0);
    }

    private Optional<InboxRow> newest(Phase phase, Predicate<InboxRow> wanted) {
        return before.stream()
                .filter(row -> row.key().phase() == phase)
                .filter(wanted)
                .max(Comparator.comparingInt(Barrier::generation));
    }

    private Decision decision(Verb verb) {
        return new Decision(verb, command.generation(), null);
    }

    private static Decision answer(InboxRow row) {
        return new Decision(Verb.ANSWER, generation(row), row);
    }

    private static Decision resume(InboxRow row) {
        return new Decision(Verb.RESUME, generation(row), null);
    }

    private static int generation(InboxRow row) {
        return row.key().generation();
    }
}
