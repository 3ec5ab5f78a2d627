package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.participant.Barrier.Decision;
import dev.counterstep.messaging.participant.Barrier.Verb;

/** What happens within the two transactions of a round: handling commands, and completing external calls. */
final class RoundTransactions {

    private final Inbox inbox;

    RoundTransactions(Inbox inbox) {
        this.inbox = inbox;
    }

    /**
     * Lets commands through the barrier and runs the handlers of those that may run, one type after the other in the order of their
     * names. At most one command of each step.
     */
    void handle(List<IncomingCommand> commands, Round round) {
        Map<StepKey, List<InboxRow>> before =
                inbox.enter(commands.stream().map(IncomingCommand::key).toList());
        SortedMap<String, List<Admitted>> admitted = new TreeMap<>();
        for (IncomingCommand incoming : commands) {
            List<InboxRow> rows = before.getOrDefault(incoming.key().stepKey(), List.of());
            admit(incoming, rows, round)
                    .ifPresent(
                            one -> admitted.computeIfAbsent(incoming.command().type(), type -> new ArrayList<>())
                                    .add(one));
        }
        admitted.values().forEach(sameType -> run(sameType, round));
    }

    private static void run(List<Admitted> sameType, Round round) {
        List<CommandResult> results = sameType.get(0).incoming().handler().handle(sameType, round.writes());
        for (int i = 0; i < results.size(); i++) {
            Admitted one = sameType.get(i);
            if (results.get(i) instanceof ExternalCall<?> call) {
                round.call(new PendingCall(one.incoming(), one.row(), call));
            } else {
                round.settle(one.incoming(), one.row(), (Outcome) results.get(i));
            }
        }
    }

    /**
     * Completes calls whose rows are still open. Where another instance, or a compensation, closed the row meanwhile, the
     * call's completion is not run: what is in the row has become true.
     */
    void complete(List<CallResult> results, Round round) {
        Map<StepKey, List<InboxRow>> rows = inbox.lock(
                results.stream().map(result -> result.row().stepKey()).toList());
        Map<Completion<?>, List<CallResult>> answered = new LinkedHashMap<>();
        for (CallResult result : results) {
            InboxRow row = own(result, rows.getOrDefault(result.row().stepKey(), List.of()));
            Throwable failure = result.failure();
            if (row.state() != InboxRow.State.OPEN) {
                round.repeat(result.incoming(), row);
            } else if (failure != null) {
                LogContext.run(result.incoming().command(), () -> round.failCall(result.incoming(), failure));
            } else {
                answered.computeIfAbsent(result.completion(), completion -> new ArrayList<>())
                        .add(result);
            }
        }
        answered.forEach((completion, together) -> complete(completion, together, round));
    }

    @SuppressWarnings("unchecked") // the answers are those of calls with this completion
    private static <T> void complete(Completion<T> completion, List<CallResult> results, Round round) {
        List<T> answers = results.stream().map(result -> (T) result.answer()).toList();
        List<Outcome> outcomes = completion.outcomes(answers);
        for (int i = 0; i < outcomes.size(); i++) {
            round.settle(results.get(i).incoming(), results.get(i).row(), outcomes.get(i));
        }
    }

    private static InboxRow own(CallResult result, List<InboxRow> rows) {
        return rows.stream()
                .filter(candidate -> candidate.key().equals(result.row()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the inbox lost " + result.row()));
    }

    private static Optional<Admitted> admit(IncomingCommand incoming, List<InboxRow> before, Round round) {
        Decision decision = Barrier.decide(incoming.key(), before);
        boolean own = decision.verb() == Verb.RUN || decision.verb() == Verb.EMPTY;
        if (!own && before.stream().noneMatch(row -> row.key().equals(incoming.key()))) {
            round.withdraw(incoming.key());
        }
        switch (decision.verb()) {
            case RUN, RESUME -> {
                return Optional.of(run(incoming, decision.generation(), before, round));
            }
            case EMPTY -> {
                if (incoming.handler().types().withoutAction()) {
                    return Optional.of(run(incoming, decision.generation(), before, round));
                }
                round.succeedEmpty(incoming);
            }
            case ANSWER -> round.repeat(incoming, Objects.requireNonNull(decision.row()));
            case LATE -> round.refuseLate(incoming);
        }
        return Optional.empty();
    }

    private static Admitted run(IncomingCommand incoming, int generation, List<InboxRow> before, Round round) {
        InboxKey row = incoming.key().withGeneration(generation);
        if (row.phase() == Phase.COMPENSATION) {
            round.bar(Barrier.barredBy(row, before));
        }
        return new Admitted(incoming, row);
    }
}
