package dev.counterstep.messaging.participant;

import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.counterstep.messaging.OutboundMessage;
import dev.counterstep.messaging.OutcomeKind;
import dev.counterstep.messaging.Phase;
import dev.counterstep.messaging.PoisonMessageException;
import dev.counterstep.messaging.outbox.Outbox;
import dev.counterstep.messaging.participant.ParticipantMetrics.Cause;
import dev.counterstep.storage.RoundTrip;

/** What one transaction has decided so far; written to inbox and outbox in one statement each, at its end, after what handlers add. */
final class Round {

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    private final Replies replies;
    private final Inbox inbox;
    private final Outbox outbox;
    private final List<InboxRow> closing = new ArrayList<>();
    private final List<InboxKey> withdrawn = new ArrayList<>();
    private final List<OutboundMessage> messages = new ArrayList<>();
    private final List<PendingCall> calls = new ArrayList<>();
    private final List<Runnable> counts = new ArrayList<>();
    private final ParticipantMetrics metrics;
    private RoundTrip statements = new RoundTrip();

    Round(Replies replies, Inbox inbox, Outbox outbox, ParticipantMetrics metrics) {
        this.replies = replies;
        this.inbox = inbox;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /**
     * Takes a handler's outcome.
     *
     * @param row the command's open row
     * @throws RetryableException when the outcome must leave no trace
     */
    void settle(IncomingCommand incoming, InboxKey row, Outcome outcome) {
        boolean remembered = outcome.kind() == OutcomeKind.SUCCEEDED
                || (outcome.kind() == OutcomeKind.REJECTED && row.phase() == Phase.ACTION);
        if (!remembered && outcome.kind() != OutcomeKind.IN_PROGRESS) {
            throw new RetryableException(outcome);
        }
        Answer answer = replies.answer(incoming.handler(), outcome);
        if (remembered) {
            closing.add(InboxRow.answered(row, answer));
        }
        answer(incoming, answer, Cause.HANDLED);
    }

    /** Records a compensation that has nothing to undo. */
    void succeedEmpty(IncomingCommand incoming) {
        Answer answer = replies.answer(incoming.handler(), Outcome.succeeded());
        closing.add(InboxRow.answered(incoming.key(), answer));
        answer(incoming, answer, Cause.EMPTY);
    }

    /** Answers from a row that is closed: with its reply, or that the action came too late. */
    void repeat(IncomingCommand incoming, InboxRow row) {
        Answer stored = row.answer();
        if (stored == null) {
            refuseLate(incoming);
        } else {
            answer(incoming, stored, Cause.REPEATED);
        }
    }

    /** Refuses an action that came too late. */
    void refuseLate(IncomingCommand incoming) {
        answer(incoming, replies.late(incoming.handler()), Cause.LATE);
    }

    /** Answers a command whose handler or completion failed; nothing of it is remembered. */
    void fail(IncomingCommand incoming, Throwable failure) {
        if (!(failure instanceof PoisonMessageException || failure instanceof RetryableException)) {
            LOG.warn("{} failed in {} and is answered RETRYABLE", incoming.key(), incoming.handler(), failure);
        }
        answerFailure(incoming, failure);
    }

    /** Answers a command whose external call failed; its row stays open. Systems fail in crowds: no stack traces. */
    void failCall(IncomingCommand incoming, Throwable failure) {
        if (!(failure instanceof RetryableException)) {
            LOG.warn("the call of {} failed and it is answered RETRYABLE: {}", incoming.key(), failure.toString());
        }
        answerFailure(incoming, failure);
    }

    /** Remembers to make a call after the commit. */
    void call(PendingCall call) {
        calls.add(call);
    }

    /** Closes open actions for good. */
    void bar(List<InboxKey> actions) {
        actions.forEach(action -> closing.add(InboxRow.empty(action)));
    }

    /** Takes back a command's own row. */
    void withdraw(InboxKey row) {
        withdrawn.add(row);
    }

    /** The calls to make after the commit. */
    List<PendingCall> calls() {
        return calls;
    }

    /** For the next handler, which may read what the one before has added: that is run now. */
    Writes writes() {
        outbox.append(List.of(), statements);
        statements = new RoundTrip();
        return new Writes(statements, messages);
    }

    /** The end of the transaction. */
    void write() {
        inbox.withdraw(withdrawn, statements);
        inbox.close(closing, statements);
        outbox.append(messages, statements);
    }

    /** To be called once, after the commit. */
    void count() {
        counts.forEach(Runnable::run);
    }

    private void answerFailure(IncomingCommand incoming, Throwable failure) {
        if (failure instanceof PoisonMessageException poison) {
            LOG.warn("{} goes to the dead letters: {}: {}", incoming.key(), poison.code(), poison.reason());
            messages.add(replies.deadLetter(incoming.message(), poison));
            counts.add(() -> metrics.deadLetter(poison.code()));
        }
        answer(incoming, replies.failure(incoming.handler(), failure), Cause.FAILED);
    }

    private void answer(IncomingCommand incoming, Answer answer, Cause cause) {
        messages.add(replies.reply(incoming, answer));
        counts.add(() -> metrics.answered(incoming.command().type(), answer.outcome(), cause));
        LOG.debug("{} is answered {} ({})", incoming.key(), answer.outcome(), cause);
    }
}
