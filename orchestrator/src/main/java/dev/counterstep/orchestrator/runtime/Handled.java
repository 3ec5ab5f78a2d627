package dev.counterstep.orchestrator.runtime;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What became of an {@link Arrival}.
 *
 * @param kind in one word
 * @param sagaId the saga, null when there is none
 * @param reason why it was not done, null when it was
 */
public record Handled(
        Kind kind, @Nullable UUID sagaId, @Nullable String reason) {

    /** What can become of an arrival. */
    public enum Kind {
        /** It was decided on, and the decision is stored. */
        DONE,
        /** A start of a saga that runs already, with the same input: nothing changed. */
        KNOWN,
        /** A start of a saga that runs already, with another input: nothing changed. */
        CONFLICT,
        /** There is no such saga. */
        NOT_FOUND,
        /** The saga's state does not allow it: nothing changed. */
        REFUSED,
        /** The saga has changed since the operator looked: nothing changed. */
        LOST_RACE,
        /** The message went to the dead letters, or the timer was put off. */
        SET_ASIDE,
        /**
         * This node cannot read the saga's definition. The message is held for a node that can, the timer fires there; a call
         * changed nothing and has to be made there.
         */
        LEFT_TO_ANOTHER
    }

    static Handled of(Kind kind, @Nullable UUID sagaId) {
        return new Handled(kind, sagaId, null);
    }
}
