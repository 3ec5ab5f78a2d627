package dev.counterstep.orchestrator.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a simulation does to the engine. Every run of some length must have seen each. */
enum Fault {
    CRASH_BEFORE_COMMIT(0.004, "a process dies with its transaction open"),
    CRASH_AFTER_COMMIT(
            0.005, "a process dies after a commit, before anything that follows it: offsets, calls, wake-ups"),
    CRASH_AFTER_OFFSETS(0.003, "a consumer dies after it committed its offsets"),
    CRASH_BEFORE_SEND(0.004, "a relay dies with rows read and nothing sent"),
    CRASH_AMID_SEND(0.004, "a relay dies with some of its rows sent"),
    CRASH_BEFORE_REMOVE(0.004, "a relay dies after the acknowledgement, before the rows are removed"),
    CRASH_BEFORE_CALL(0.02, "a participant dies between intent and external call"),
    CRASH_AFTER_CALL(0.02, "a participant dies between external call and outcome"),
    PAUSE(0.04, "a process stands still, often longer than its lease and its session"),
    PAUSE_BEFORE_SEND(0.004, "a relay stands still between reading and sending, longer than its lease"),
    CLOCK_OFFSET(0.4, "a process's clock is up to three seconds off"),
    CLOCK_STEP(0.01, "the database's clock jumps, back or forth"),
    FAILED_COMMIT(0.01, "a transaction is rolled back by the database"),
    UNKNOWN_COMMIT(0.01, "a commit succeeds, and its client sees an error"),
    SLOW_TRANSACTION(0.02, "a transaction commits seconds after it took its ids and locks"),
    BROKER_CRASH(0.02, "the broker dies, and forgets what it had acknowledged and not yet written to disk"),
    BROKER_OUTAGE(0.02, "the broker cannot be reached for some seconds"),
    LOST_ACKNOWLEDGEMENT(0.02, "a message is stored, and its producer sees an error"),
    DUPLICATE(0.04, "a message is stored twice, the second time seconds later"),
    DELAY(0.04, "a partition's messages are not delivered for some seconds, while those of others are"),
    REWIND(0.03, "a consumer group begins to read again from an earlier offset"),
    REBALANCE(0.03, "partitions move to another consumer, whose predecessor still works on its batch"),
    OVERLAPPING_RELAYS(0, "two relays of one outbox believe that they hold the lease (follows from pauses)"),
    PARTICIPANT_PAUSED(0.03, "an operator pauses a participant, and resumes it some seconds later"),
    REJECTED(0.08, "a participant says no to an action"),
    REJECTED_COMPENSATION(0.08, "a participant says no to a compensation"),
    ERROR(0.06, "a handler throws after it did its work"),
    IN_PROGRESS(0.04, "a participant asks for more time"),
    LATE(0.03, "a handler works longer than its step's timeout"),
    TWICE(0.04, "a reply is sent twice"),
    NEVER(0.03, "a command is swallowed: no effect, no reply"),
    CALL_FAILED(0.08, "an external system cannot be reached"),
    CALL_UNANSWERED(0.08, "an external system does what it was asked, and its answer is lost"),
    CALL_OVERTAKEN(0.08, "an external call is given up and arrives seconds later"),
    DECLINED(0.06, "an external system says no"),
    UNBUILDABLE(0.02, "a command cannot be made from its saga's data"),
    DEPLOYMENT(0.03, "a new version of a definition: steps inserted, renamed, dropped, moved"),
    DUPLICATE_START(0.08, "a saga is started twice, by message or by call"),
    CANCEL(0.08, "a saga's owner cancels it"),
    OPERATOR_REPLAY(0.15, "an operator replays a saga"),
    OPERATOR_SKIP(0.05, "an operator skips what a saga is stuck at"),
    OPERATOR_COMPENSATE(0.02, "an operator turns a saga round"),
    OPERATOR_ABANDON(0.03, "an operator gives a saga up"),
    STALE_OPERATOR(0.0, "a saga changes between an operator's look and his request (follows from the others)");

    /** What may strike in vain, as when nothing is there to be replayed: counted where it takes effect, not where it strikes. */
    static final Set<Fault> COUNTED_BY_EFFECT = Collections.unmodifiableSet(EnumSet.of(
            BROKER_CRASH,
            REWIND,
            PARTICIPANT_PAUSED,
            CANCEL,
            OPERATOR_REPLAY,
            OPERATOR_SKIP,
            OPERATOR_COMPENSATE,
            OPERATOR_ABANDON));

    /** How likely it is at each opportunity. */
    final double probability;

    /** In one sentence, for the page. */
    final String description;

    Fault(double probability, String description) {
        this.probability = probability;
        this.description = description;
    }
}
