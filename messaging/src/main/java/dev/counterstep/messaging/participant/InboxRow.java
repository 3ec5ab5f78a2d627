package dev.counterstep.messaging.participant;

import org.jspecify.annotations.Nullable;

/**
 * A row of table {@code inbox}.
 *
 * @param key which command
 * @param state what became of it
 * @param answer its stored reply; null exactly when the row is open or EMPTY
 */
record InboxRow(InboxKey key, State state, @Nullable Answer answer) {

    /** What became of a command. Open is what SQL calls a null outcome; the others bear the same names there. */
    enum State {
        /** It runs, or its external call has not been answered. */
        OPEN,
        /** Done. */
        SUCCEEDED,
        /** An action that was refused: it had no effect. */
        REJECTED,
        /** An action that must never run, because its compensation or a later generation came first. */
        EMPTY
    }

    static InboxRow open(InboxKey key) {
        return new InboxRow(key, State.OPEN, null);
    }

    static InboxRow empty(InboxKey key) {
        return new InboxRow(key, State.EMPTY, null);
    }

    static InboxRow answered(InboxKey key, Answer answer) {
        return new InboxRow(key, State.valueOf(answer.outcome().name()), answer);
    }
}
