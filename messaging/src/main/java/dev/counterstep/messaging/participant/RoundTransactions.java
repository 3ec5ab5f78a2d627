package dev.counterstep.messaging.participant;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.SagaHeaders;
import dev.counterstep.messaging.participant.Barrier.Decision;
import dev.counterstep.messaging.participant.Barrier.Verb;

/** What happens within the two transactions of a round: handling commands, and completing external calls. */
final class RoundTransactions {

    private final Inbox inbox;

    RoundTransactions(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Lets commands through the barrier and runs the handlers of those that may run. At most one command of each step. */
    void handle(List<IncomingCommand> commands, Round round) {
        Map<StepKey, List<InboxRow>> before =
                inbox.enter(commands.stream().map(IncomingCommand::key).toList());
        for (IncomingCommand incoming : commands) {
            List<InboxRow> rows = before.getOrDefault(incoming.key().stepKey(), List.of());
            LogContext.run(incoming.command(), () -> admit(incoming, rows, round));
        }
    }

    /**
     * Completes calls whose rows are still open. Where another instance, or a compensation, closed the row meanwhile, the
     * call's completion is not run: what is in the row has become true.
     */
    void complete(List<CallResult> results, Round round) {
        Map<StepKey, List<InboxRow>> rows = inbox.lock(
                results.stream().map(result -> result.row().stepKey()).toList());
        for (CallResult result : results) {
            List<InboxRow> current = rows.getOrDefault(result.row().stepKey(), List.of());
            LogContext.run(result.incoming().command(), () -> complete(result, current, round));
        }
    }

    private void admit(IncomingCommand incoming, List<InboxRow> before, Round round) {
        Decision decision = Barrier.decide(incoming.key(), before);
        boolean own = decision.verb() == Verb.RUN || decision.verb() == Verb.EMPTY;
        if (!own && before.stream().noneMatch(row -> row.key().equals(incoming.key()))) {
            round.withdraw(incoming.key());
        }
        switch (decision.verb()) {
            case RUN, RESUME -> run(incoming, decision.generation(), before, round);
            case ANSWER -> round.repeat(incoming, Objects.requireNonNull(decision.row()));
            case LATE -> round.refuseLate(incoming);
            case EMPTY -> succeedEmpty(incoming, decision.generation(), before, round);
        }
    }

    private static void succeedEmpty(IncomingCommand incoming, int generation, List<InboxRow> before, Round round) {
        if (incoming.handler().types().withoutAction()) {
            run(incoming, generation, before, round);
        } else {
            round.succeedEmpty(incoming);
        }
    }

    private static void run(IncomingCommand incoming, int generation, List<InboxRow> before, Round round) {
        InboxKey row = incoming.key().withGeneration(generation);
        if (row.phase() == Phase.COMPENSATION) {
            round.bar(Barrier.barredBy(row, before));
        }
        CommandResult result =
                incoming.handler().handle(underGeneration(incoming.command(), generation), incoming.body());
        if (result instanceof ExternalCall<?> call) {
            round.call(new PendingCall(incoming, row, call));
        } else {
            round.settle(incoming, row, (Outcome) result);
        }
    }

    private static void complete(CallResult result, List<InboxRow> rows, Round round) {
        InboxRow row = rows.stream()
                .filter(candidate -> candidate.key().equals(result.row()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the inbox lost " + result.row()));
        if (row.state() != InboxRow.State.OPEN) {
            round.repeat(result.incoming(), row);
        } else if (result.completion() == null) {
            round.failCall(result.incoming(), Objects.requireNonNull(result.failure()));
        } else {
            round.settle(result.incoming(), result.row(), result.completion().get());
        }
    }

    private static Command underGeneration(Command command, int generation) {
        SagaHeaders saga = command.saga();
        if (saga.generation() == generation) {
            return command;
        }
        SagaHeaders under = new SagaHeaders(
                saga.sagaId(),
                saga.definition(),
                saga.step(),
                saga.phase(),
                generation,
                saga.attempt(),
                saga.expiresAt(),
                saga.replyTo());
        return new Command(
                command.id(), command.type(), under, command.correlationId(), command.traceparent(), command.body());
    }
}
