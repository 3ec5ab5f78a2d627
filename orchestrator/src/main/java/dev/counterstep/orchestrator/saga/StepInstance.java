package dev.counterstep.orchestrator.saga;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Where one step of one saga stands.
 *
 * @param id the step
 * @param participant who does it
 * @param kind what a failure means
 * @param status where it stands
 * @param phase the phase the status speaks of; null while nothing was ever sent
 * @param generation 1-based; grows with each replay, up to {@link #MOST_GENERATIONS}
 * @param attempts how often the command of this phase and generation was sent
 * @param sentAt when it was last sent, null when never
 * @param repliedAt when its last counted reply was applied, null when none was
 * @param dueAt in flight only: when the reply is overdue, or the next attempt due
 * @param reason what went wrong last, null when nothing did
 */
public record StepInstance(
        String id,
        String participant,
        StepKind kind,
        StepStatus status,
        @Nullable Phase phase,
        int generation,
        int attempts,
        @Nullable Instant sentAt,
        @Nullable Instant repliedAt,
        @Nullable Instant dueAt,
        @Nullable String reason) {

    /** Participants take no command of a later generation: they remember each. Operators replay a step a few times. */
    public static final int MOST_GENERATIONS = 100;

    /** A step as its saga begins: what has no action was done before. */
    static StepInstance initial(SagaStep step) {
        StepStatus status = step.action() == null ? StepStatus.SUCCEEDED : StepStatus.PENDING;
        return new StepInstance(step.id(), step.participant(), step.kind(), status, null, 1, 0, null, null, null, null);
    }

    /** True when this step waits for an answer to exactly this command. */
    boolean awaits(Phase ofPhase, int ofGeneration) {
        return status.isInFlight() && phase == ofPhase && generation == ofGeneration;
    }

    /** True when this step holds its saga until an operator helps: undoing it, or doing it past the pivot, has failed. */
    public boolean needsOperator() {
        return switch (status) {
            case FAILED -> true;
            case REJECTED -> phase == Phase.COMPENSATION || kind == StepKind.RETRIABLE;
            case PENDING, SENT, RETRYING, SUCCEEDED, UNKNOWN, SKIPPED, COMPENSATED -> false;
        };
    }

    /** After its command was sent. */
    StepInstance sent(Phase inPhase, int ofGeneration, int attempt, Instant at, Instant due) {
        return new StepInstance(
                id, participant, kind, StepStatus.SENT, inPhase, ofGeneration, attempt, at, repliedAt, due, reason);
    }

    /** After a counted reply. */
    StepInstance replied(StepStatus next, Instant at, @Nullable Instant due, @Nullable String why) {
        return new StepInstance(id, participant, kind, next, phase, generation, attempts, sentAt, at, due, why);
    }

    /** Without anything having been sent or received. */
    StepInstance moved(StepStatus next, @Nullable Phase inPhase, @Nullable Instant due, @Nullable String why) {
        return new StepInstance(
                id, participant, kind, next, inPhase, generation, attempts, sentAt, repliedAt, due, why);
    }

    /** After a command of it could not be made: only an operator can help. */
    StepInstance unsent(SagaLogEntry.Coordinates command, @Nullable String why) {
        return new StepInstance(
                id,
                participant,
                kind,
                StepStatus.FAILED,
                command.phase(),
                command.generation(),
                Math.max(command.attempt() - 1, 0),
                sentAt,
                repliedAt,
                null,
                why);
    }

    /** Where a step stands when its last attempt has failed: an action's outcome is unknown, all else needs an operator. */
    StepStatus exhausted() {
        return phase == Phase.ACTION && kind != StepKind.RETRIABLE ? StepStatus.UNKNOWN : StepStatus.FAILED;
    }

    /** True when no replay is left to it. */
    boolean isReplayedOut() {
        return needsOperator() && generation >= MOST_GENERATIONS;
    }

    /**
     * Ready to be sent anew, under the next generation: the attempts count from the start, and no reply of before can be taken
     * for one of after. What never could be sent takes its turn again, as if it had not been tried.
     */
    StepInstance replayed(Instant at) {
        boolean neverSent = status == StepStatus.FAILED && attempts == 0;
        StepStatus waiting = phase == Phase.COMPENSATION ? StepStatus.UNKNOWN : StepStatus.PENDING;
        return new StepInstance(
                id,
                participant,
                kind,
                neverSent ? waiting : StepStatus.RETRYING,
                phase,
                generation + 1,
                0,
                sentAt,
                repliedAt,
                neverSent ? null : at,
                reason);
    }
}
