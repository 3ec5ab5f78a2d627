package dev.counterstep.orchestrator.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.counterstep.orchestrator.saga.SagaEvent.ReplyArrived;
import dev.counterstep.orchestrator.saga.SagaLogEntry.Coordinates;

import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.CAPPED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DATA;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.DUE_AT;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.EXHAUSTED;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.OUTCOME;
import static dev.counterstep.orchestrator.saga.SagaLogEntry.Detail.REASON;

/** What a reply does to the step that awaits it, and to none other. */
final class StepReplies {

    /** How the reason begins of a reply to a command that came after its {@code saga-expires-at}. */
    private static final String EXPIRED = "EXPIRED";

    private StepReplies() {}

    static void apply(Draft draft, ReplyArrived reply) {
        StepInstance step = draft.saga().steps().get(reply.step());
        String objection = objection(step, reply);
        if (step == null || objection != null) {
            ignore(draft, reply, String.valueOf(objection));
            return;
        }
        switch (reply.outcome()) {
            case SUCCEEDED -> received(draft, reply, step, Map.of(DATA, reply.data()));
            case REJECTED -> received(draft, reply, step, Map.of());
            case IN_PROGRESS -> received(draft, reply, step, extension(draft, step));
            case RETRYABLE -> retryable(draft, reply, step);
        }
    }

    /** Why the reply does not count; null when it does. */
    private static @Nullable String objection(@Nullable StepInstance step, ReplyArrived reply) {
        if (step == null) {
            return "unmatched: the saga has no such step";
        }
        if (step.phase() != reply.phase() || step.generation() != reply.generation()) {
            return "unmatched: the step awaits no reply of this phase and generation";
        }
        return switch (step.status()) {
            case SENT ->
                reply.outcome().isDefinitive() || reply.attempt() == step.attempts()
                        ? null
                        : "late: a newer attempt is on its way";
            case RETRYING -> reply.outcome().isDefinitive() ? null : "duplicate: the next attempt is scheduled already";
            case FAILED -> reply.outcome() == Outcome.SUCCEEDED ? null : "late: the step is out of attempts";
            case SUCCEEDED, REJECTED, COMPENSATED -> "duplicate: the step has its answer";
            case UNKNOWN, SKIPPED -> "late: the saga went on without an answer";
            case PENDING -> "unmatched: nothing was sent yet";
        };
    }

    private static void retryable(Draft draft, ReplyArrived reply, StepInstance step) {
        boolean exhausted =
                step.attempts() >= draft.definition().step(step.id()).retry().attempts()
                        && !isExpiredInVain(draft, reply);
        received(draft, reply, step, exhausted ? Map.of(EXHAUSTED, true) : Map.of());
        if (!exhausted) {
            SagaTimers.scheduleRetry(draft, draft.saga().step(step.id()), reply.retryAfter());
        }
    }

    /**
     * Whether the command had expired before it came, and yet there is time: its participant could not be heard meanwhile, and
     * the deadline was put off. That is no failed attempt. Ends at the latest with the deadline.
     */
    private static boolean isExpiredInVain(Draft draft, ReplyArrived reply) {
        Instant deadline = SagaTimers.deadline(draft.definition(), draft.saga(), draft.now());
        return reply.reason() != null
                && reply.reason().startsWith(EXPIRED)
                && deadline != null
                && draft.at().isBefore(deadline);
    }

    private static void received(Draft draft, ReplyArrived reply, StepInstance step, Map<String, Object> more) {
        Map<String, Object> detail = described(reply);
        detail.putAll(more);
        draft.append(
                LogKind.REPLY_RECEIVED, where(reply), reply.messageId(), "participant:" + step.participant(), detail);
    }

    /** Logs a reply that changes nothing, and why. */
    static void ignore(Draft draft, ReplyArrived reply, String why) {
        StepInstance step = draft.saga().steps().get(reply.step());
        String actor = step == null ? SagaLogEntry.ORCHESTRATOR : "participant:" + step.participant();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(OUTCOME, reply.outcome().name());
        detail.put(REASON, why);
        draft.append(LogKind.REPLY_IGNORED, where(reply), reply.messageId(), actor, detail);
    }

    private static Map<String, Object> described(ReplyArrived reply) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(OUTCOME, reply.outcome().name());
        if (reply.outcome() != Outcome.SUCCEEDED) {
            detail.put(REASON, reply.reason() == null ? "no reason given" : reply.reason());
        }
        return detail;
    }

    private static Coordinates where(ReplyArrived reply) {
        return new Coordinates(reply.step(), reply.phase(), reply.generation(), reply.attempt());
    }

    /** Another full timeout from now, as long as the attempt is not too old. */
    private static Map<String, Object> extension(Draft draft, StepInstance step) {
        Duration timeout = draft.definition().step(step.id()).timeout();
        Instant once = draft.at().plus(timeout);
        Instant most =
                Objects.requireNonNull(step.sentAt()).plus(timeout.multipliedBy(SagaStep.MOST_TIMEOUTS_IN_PROGRESS));
        return once.isAfter(most) ? Map.of(DUE_AT, most.toString(), CAPPED, true) : Map.of(DUE_AT, once.toString());
    }
}
