package dev.counterstep.orchestrator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.counterstep.messaging.participant.ModelInbox;
import dev.counterstep.orchestrator.saga.SagaInstance;
import dev.counterstep.orchestrator.saga.SagaLogEntry;
import dev.counterstep.orchestrator.saga.StepInstance;

/**
 * All there is in a moment of the exhaustive model: one saga, its log, the participants' inbox, what is on its way, what has
 * happened to the business, and what may still befall it. Immutable.
 *
 * @param saga the row
 * @param log its log
 * @param facts what the checks know of the log
 * @param inbox the rows of all its steps
 * @param lanes by topic, the messages on their way, oldest first: all have one key, so they keep their order
 * @param aside a copy of a message that some relay still holds and will send once more, at any time; null when there is none
 * @param effects what happened, in its order
 * @param now virtual time: that of the last timer
 * @param allowances what may still befall it
 */
@SuppressWarnings("EnumOrdinal") // short keys
record ExhaustiveState(
        SagaInstance saga,
        List<SagaLogEntry> log,
        LogFacts facts,
        ModelInbox inbox,
        Map<String, List<Message>> lanes,
        @Nullable Message aside,
        List<Ledger.Effect> effects,
        long now,
        Allowances allowances) {

    /** After something befell it. */
    ExhaustiveState after(Allowances.Mishap mishap) {
        return new ExhaustiveState(saga, log, facts, inbox, lanes, aside, effects, now, allowances.after(mishap));
    }

    ExhaustiveState withAside(@Nullable Message copy) {
        return new ExhaustiveState(saga, log, facts, inbox, lanes, copy, effects, now, allowances);
    }

    /** After a participant's commit. */
    ExhaustiveState with(ModelInbox rows, List<Ledger.Effect> happened) {
        return new ExhaustiveState(saga, log, facts, rows, lanes, aside, happened, now, allowances);
    }

    /** After a decision. Replies to a saga that has ended are ignored for ever: there is no need to wait for them. */
    ExhaustiveState with(SagaInstance next, List<SagaLogEntry> entries, long then) {
        List<SagaLogEntry> grown = new ArrayList<>(log);
        grown.addAll(entries);
        LogFacts known = facts.with(entries);
        ExhaustiveState decided =
                new ExhaustiveState(next, grown, known, inbox, lanes, aside, effects, then, allowances);
        if (!next.state().isFinal()) {
            return decided;
        }
        Map<String, List<Message>> commands = new TreeMap<>(lanes);
        commands.keySet().removeIf(topic -> topic.endsWith("replies"));
        boolean ignored = aside instanceof Message.Reply;
        Message left = ignored ? null : aside;
        return new ExhaustiveState(next, grown, known, inbox, commands, left, effects, then, allowances);
    }

    /** Without one of the messages of a lane. */
    ExhaustiveState without(String topic, int index) {
        List<Message> left = new ArrayList<>(lanes.getOrDefault(topic, List.of()));
        left.remove(index);
        return withLane(topic, left);
    }

    /** With one message more at the end of its lane. */
    ExhaustiveState plus(Message message) {
        if (saga.state().isFinal() && message instanceof Message.Reply) {
            return this;
        }
        List<Message> more = new ArrayList<>(lanes.getOrDefault(message.topic(), List.of()));
        more.add(message);
        return withLane(message.topic(), more);
    }

    private ExhaustiveState withLane(String topic, List<Message> messages) {
        Map<String, List<Message>> next = new TreeMap<>(lanes);
        if (messages.isEmpty()) {
            next.remove(topic);
        } else {
            next.put(topic, messages);
        }
        return new ExhaustiveState(saga, log, facts, inbox, next, aside, effects, now, allowances);
    }

    /**
     * What distinguishes it from other states, for the engine or for the checks: all else of how it was reached is left out. Times
     * count by their order only.
     */
    String key() {
        StringBuilder key = new StringBuilder(512).append(saga.state().ordinal());
        key.append(saga.failureReason() == null ? '-' : '+');
        for (StepInstance step : saga.steps().values()) {
            key.append(step.status().ordinal())
                    .append(step.phase())
                    .append(step.generation())
                    .append('.')
                    .append(step.attempts())
                    .append(step.reason() == null ? '-' : '+');
            for (StepInstance other : saga.steps().values()) {
                if (step.dueAt() != null && other.dueAt() != null) {
                    key.append(step.dueAt().isBefore(other.dueAt()) ? '<' : '>');
                }
            }
        }
        key.append(facts).append(inbox.rows());
        lanes.values().forEach(lane -> {
            key.append('|');
            lane.forEach(message -> append(message, key));
        });
        if (aside != null) {
            append(aside, key.append('!'));
        }
        effects.forEach(effect ->
                key.append(effect.step()).append(effect.phase().ordinal()).append(effect.generation()));
        return key.append(allowances.mishaps())
                .append(':')
                .append(allowances.inAll())
                .toString();
    }

    private static void append(Message message, StringBuilder key) {
        if (message instanceof Message.Command command) {
            append(command.call(), key.append('c'));
        } else if (message instanceof Message.Reply reply) {
            append(reply.call(), key.append('r').append(reply.outcome().ordinal()));
        }
    }

    private static void append(Message.Call call, StringBuilder key) {
        key.append(call.step()).append(call.phase().ordinal()).append(call.generation());
        key.append('.').append(call.attempt());
    }

    /** Whether a command of the step, or its reply, is on its way. */
    boolean isOnItsWay(String step) {
        for (List<Message> lane : lanes.values()) {
            for (Message message : lane) {
                if (step.equals(stepOf(message))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable String stepOf(Message message) {
        if (message instanceof Message.Command command) {
            return command.call().step();
        }
        return message instanceof Message.Reply reply ? reply.call().step() : null;
    }
}
