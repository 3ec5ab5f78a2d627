-- inbox: the barrier, one row per command that had, or must never have, an effect here.
-- Purpose:    a command's effect happens at most once; a repeated command is answered again from its row.
-- Written by: CommandListener, first statement of a command's transaction.
-- Read by:    CommandListener, by primary key.
-- Rows:       one per command: about two per saga and participant.
-- Retention:  as long as a command may come again; nothing deletes them yet.

CREATE TABLE inbox (
    saga_id     uuid        NOT NULL,
    step        text        NOT NULL,
    phase       text        NOT NULL,
    generation  integer     NOT NULL,
    outcome     text,
    reply_type  text,
    reason      text,
    body        bytea,
    received_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT inbox_pk PRIMARY KEY (saga_id, step, phase, generation),
    CONSTRAINT inbox_step_size CHECK (char_length(step) BETWEEN 1 AND 128),
    CONSTRAINT inbox_phase_known CHECK (phase IN ('ACTION', 'COMPENSATION')),
    CONSTRAINT inbox_generation_counts_from_1 CHECK (generation >= 1),
    CONSTRAINT inbox_outcome_known CHECK (outcome IN ('SUCCEEDED', 'REJECTED', 'EMPTY')),
    CONSTRAINT inbox_only_actions_are_refused_or_barred
        CHECK (phase = 'ACTION' OR outcome IS NULL OR outcome = 'SUCCEEDED'),
    -- "outcome IS NOT NULL AND": a comparison with null is neither true nor false, and a CHECK lets it pass.
    CONSTRAINT inbox_reply_type_iff_answered
        CHECK ((reply_type IS NOT NULL) = (outcome IS NOT NULL AND outcome IN ('SUCCEEDED', 'REJECTED'))),
    CONSTRAINT inbox_body_iff_answered
        CHECK ((body IS NOT NULL) = (outcome IS NOT NULL AND outcome IN ('SUCCEEDED', 'REJECTED'))),
    CONSTRAINT inbox_rejection_has_reason CHECK (outcome <> 'REJECTED' OR reason IS NOT NULL),
    CONSTRAINT inbox_reason_only_when_answered
        CHECK (reason IS NULL OR (outcome IS NOT NULL AND outcome IN ('SUCCEEDED', 'REJECTED'))),
    CONSTRAINT inbox_reply_type_size CHECK (char_length(reply_type) BETWEEN 1 AND 128),
    CONSTRAINT inbox_reason_size CHECK (char_length(reason) <= 4096),
    -- The most that counterstep.messaging.limits.body can be set to.
    CONSTRAINT inbox_body_size CHECK (octet_length(body) <= 524288)
) WITH (fillfactor = 50); -- each row is written twice, open and answered: the second version finds room in its page (HOT)

COMMENT ON COLUMN inbox.outcome IS
    'Null: open; the command is running, or its external call has not been answered. EMPTY: an action barred by its compensation, which came first.';
COMMENT ON COLUMN inbox.reply_type IS 'ce_type of the stored reply. Null: there is no reply (open or EMPTY).';
COMMENT ON COLUMN inbox.reason IS 'The reply''s reason, one sentence. Null: none was given; a rejection always has one.';
COMMENT ON COLUMN inbox.body IS 'Reply data, a JSON object in UTF-8. Null: there is no reply (open or EMPTY).';

GRANT SELECT, INSERT, UPDATE, DELETE ON inbox TO ${app_role};
