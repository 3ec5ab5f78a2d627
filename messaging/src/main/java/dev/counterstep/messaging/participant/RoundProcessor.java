package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.outbox.Outbox;

/**
 * Processes rounds: all commands of a round in one transaction; then, with none open, their external calls; then all their
 * completions in another.
 *
 * <p>When a transaction fails, what it did is done once more one by one, so that only what fails by itself is answered
 * RETRYABLE. When the database is away the failure is thrown instead: that is nobody's fault, and the batch comes again.
 */
final class RoundProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(RoundProcessor.class);

    private final TransactionTemplate transaction;
    private final Inbox inbox;
    private final Outbox outbox;
    private final ExternalCalls externalCalls;
    private final Replies replies;
    private final ParticipantMetrics metrics;

    RoundProcessor(
            TransactionTemplate transaction,
            Inbox inbox,
            Outbox outbox,
            ExternalCalls externalCalls,
            Replies replies,
            ParticipantMetrics metrics) {
        this.transaction = transaction;
        this.inbox = inbox;
        this.outbox = outbox;
        this.externalCalls = externalCalls;
        this.replies = replies;
        this.metrics = metrics;
    }

    /** Publishes what was set aside before the barrier. */
    void publish(List<OutboundMessage> messages) {
        if (!messages.isEmpty()) {
            transaction.executeWithoutResult(status -> outbox.append(messages));
        }
    }

    /** Processes commands of different steps, and returns when each is answered and committed. */
    void process(List<IncomingCommand> commands) {
        RoundTransactions transactions = new RoundTransactions(inbox);
        List<PendingCall> calls = together(commands, transactions::handle);
        if (!calls.isEmpty()) {
            together(externalCalls.run(calls), transactions::complete);
        }
    }

    private <W extends Work> List<PendingCall> together(List<W> works, BiConsumer<List<W>, Round> action) {
        try {
            return commit(works, action).calls();
        } catch (RuntimeException | Error e) {
            throwUnlessACommandsFault(e);
            if (works.size() == 1) {
                answer(List.of(new Failure(works.get(0).incoming(), e)));
                return List.of();
            }
            metrics.split();
            LOG.debug("{} commands failed together and run one by one", works.size(), e);
            return oneByOne(works, action);
        }
    }

    private <W extends Work> List<PendingCall> oneByOne(List<W> works, BiConsumer<List<W>, Round> action) {
        List<PendingCall> calls = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (W work : works) {
            try {
                calls.addAll(commit(List.of(work), action).calls());
            } catch (RuntimeException | Error e) {
                throwUnlessACommandsFault(e);
                failures.add(new Failure(work.incoming(), e));
            }
        }
        answer(failures);
        return calls;
    }

    private <W extends Work> Round commit(List<W> works, BiConsumer<List<W>, Round> action) {
        Round committed = Objects.requireNonNull(transaction.execute(status -> {
            Round round = new Round(replies, inbox, outbox, metrics);
            action.accept(works, round);
            round.write();
            return round;
        }));
        committed.count();
        return committed;
    }

    private void answer(List<Failure> failures) {
        if (!failures.isEmpty()) {
            commit(
                    List.<Work>of(),
                    (none, round) -> failures.forEach(failure -> LogContext.run(
                            failure.incoming().command(), () -> round.fail(failure.incoming(), failure.thrown()))));
        }
    }

    private static void throwUnlessACommandsFault(Throwable thrown) {
        if (DatabaseOutage.isBehind(thrown) && thrown instanceof RuntimeException outage) {
            throw outage;
        }
        if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
            throw error;
        }
    }

    private record Failure(IncomingCommand incoming, Throwable thrown) {}
}
