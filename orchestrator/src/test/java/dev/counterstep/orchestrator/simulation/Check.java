package dev.counterstep.orchestrator.simulation;

/** What must hold, by the guarantee that promises it. */
enum Check {
    EACH_ACCEPTED_ORDER_HAS_ONE_SAGA("G1", "every accepted order has exactly one saga"),
    EVERYTHING_ENDS(
            "G2", "once all is healed and what is stuck was replayed, every saga ends and every message is handled"),
    TRIES_ARE_BOUNDED(
            "G2",
            "no command is sent more often than its step's policy says, but for what expired in vain; each generation is an operator's"),
    SILENCE_COUNTS_ONLY_WHEN_HEARD(
            "G2",
            "no attempt is timed out, and no saga's deadline passes, all through which a participant it waits for was paused, or the broker away"),
    ROW_STAYS_UNTIL_IT_IS_SENT("G3", "an outbox row is removed only after the broker has acknowledged its message"),
    READ_MEANS_HANDLED("G3", "a consumer commits the offsets only of what was handled"),
    STUCK_HAS_A_REASON("G2", "a stuck saga says at which step and why"),
    ACTION_AT_MOST_ONCE("G3", "an action has its effect at most once"),
    COMPENSATION_AT_MOST_ONCE("G3", "a compensation has its effect at most once"),
    EFFECT_HAS_ITS_COMMAND("G3", "nothing has an effect whose command is not in the saga's log"),
    IDENTITY_IS_STABLE("G3", "every attempt of a command has the same type, key and payload"),
    ONE_KEY_FOR_A_STEP("G3", "a step's action and compensation have one key, in each attempt and generation"),
    REPLY_COUNTS_ONCE("G4", "a reply changes its saga at most once"),
    NO_ACTION_AFTER_ITS_COMPENSATION("G5", "no action has its effect after its compensation"),
    UNDONE_WAS_DONE("G5", "nothing is undone whose action had no effect"),
    GROUPS_IN_ORDER("G5", "an action has its effect after those of the groups before it"),
    REVERSE_ORDER(
            "G5",
            "a compensation has its effect after those of the groups behind it, but for what onStuckCompensation: continue passes over"),
    COMPENSATED_LEAVES_NOTHING("G5", "in a compensated saga everything done that has a compensation is undone"),
    REJECTED_IS_NOT_COMPENSATED("G5", "what was rejected or never sent is not compensated"),
    COMPENSATION_HAS_A_CAUSE(
            "G5",
            "a saga compensates only after a refusal, the last attempt of an action, its deadline, a command that cannot be made, a cancel or an operator's word"),
    COMPLETED_DID_EVERYTHING("G5", "in a completed saga everything that was not skipped is done, and not undone"),
    LOG_FOLDS_TO_ROW("G6", "folding a saga's log gives its row"),
    ROW_IS_VALID(
            "G6",
            "rows keep the database's rules: what has ended stays, versions grow by one, what is active has a timer"),
    OPERATOR_ACTS_ON_WHAT_HE_SAW("REST", "a request with an expected version is granted at that version only"),
    NOTHING_FAILS_UNEXPECTEDLY("all", "the engine throws nothing and sets nothing aside");

    /** Who promises it. */
    final String guarantee;

    /** In one sentence, for the page. */
    final String description;

    Check(String guarantee, String description) {
        this.guarantee = guarantee;
        this.description = description;
    }
}
