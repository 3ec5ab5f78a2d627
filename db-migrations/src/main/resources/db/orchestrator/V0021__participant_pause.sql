-- participant_pause: when operators held back the commands to a participant, one row per pause.
-- Purpose:    while a pause lasts its participant is sent nothing new, and no clock that waits for it runs.
-- Written by: ParticipantStore: INSERT pauses, UPDATE resumes.
-- Read by:    the relay, before each batch; AnswerabilityObserver; the REST API; view saga_v1.operator_action.
-- Rows:       one per pause, tens in a year.
-- Retention:  for ever: it is part of the operators' journal. The application role cannot delete.

CREATE TABLE participant_pause (
    id            bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT participant_pause_pk PRIMARY KEY,
    participant   text        NOT NULL,
    paused_at     timestamptz NOT NULL DEFAULT now(),
    paused_by     text        NOT NULL,
    pause_reason  text        NOT NULL,
    resumed_at    timestamptz,
    resumed_by    text,
    resume_reason text,

    CONSTRAINT participant_pause_resumed_whole_or_not CHECK (num_nulls(resumed_at, resumed_by, resume_reason) IN (0, 3)),
    CONSTRAINT participant_pause_times_in_order CHECK (resumed_at >= paused_at),
    CONSTRAINT participant_pause_participant_size CHECK (char_length(participant) BETWEEN 1 AND 128),
    CONSTRAINT participant_pause_paused_by_size CHECK (char_length(paused_by) BETWEEN 1 AND 256),
    CONSTRAINT participant_pause_pause_reason_size CHECK (char_length(pause_reason) BETWEEN 1 AND 4096),
    CONSTRAINT participant_pause_resumed_by_size CHECK (char_length(resumed_by) BETWEEN 1 AND 256),
    CONSTRAINT participant_pause_resume_reason_size CHECK (char_length(resume_reason) BETWEEN 1 AND 4096)
);

COMMENT ON COLUMN participant_pause.resumed_at IS 'Null: the pause lasts.';
COMMENT ON COLUMN participant_pause.resumed_by IS 'Null: the pause lasts.';
COMMENT ON COLUMN participant_pause.resume_reason IS 'Null: the pause lasts.';

-- Query: who is paused now, before each batch of the relay. Unique: a participant is paused once, however many operators ask.
CREATE UNIQUE INDEX participant_pause_lasting_uq ON participant_pause (participant) WHERE resumed_at IS NULL;

CREATE TRIGGER participant_pause_over_is_final
    BEFORE UPDATE ON participant_pause
    FOR EACH ROW WHEN (OLD.resumed_at IS NOT NULL)
    EXECUTE FUNCTION refuse_change('a pause that is over never changes');

GRANT SELECT, INSERT ON participant_pause TO ${app_role};
GRANT UPDATE (resumed_at, resumed_by, resume_reason) ON participant_pause TO ${app_role};

CREATE OR REPLACE VIEW saga_v1.operator_action AS
SELECT l.at,
       l.saga_id,
       l.seq,
       l.actor,
       l.detail ->> 'action' AS action,
       l.detail ->> 'reason' AS reason,
       l.detail ->> 'refused' AS refused,
       NULL::text AS participant
FROM saga_log l
WHERE l.kind = 'OPERATOR_ACTION'
UNION ALL
SELECT p.paused_at, NULL, NULL, p.paused_by, 'pause', p.pause_reason, NULL, p.participant
FROM participant_pause p
UNION ALL
SELECT p.resumed_at, NULL, NULL, p.resumed_by, 'resume', p.resume_reason, NULL, p.participant
FROM participant_pause p
WHERE p.resumed_at IS NOT NULL;

COMMENT ON VIEW saga_v1.operator_action IS 'What was asked of a saga or about a participant from outside: who, what and why.';
COMMENT ON COLUMN saga_v1.operator_action.saga_id IS 'The saga; null when it was asked about a participant.';
COMMENT ON COLUMN saga_v1.operator_action.seq IS 'Its place in the saga''s log; null when it was asked about a participant.';
COMMENT ON COLUMN saga_v1.operator_action.action IS 'Of a saga: replay, compensate, skip, abandon or cancel. About a participant: pause or resume.';
COMMENT ON COLUMN saga_v1.operator_action.participant IS 'The participant; null when it was asked of a saga.';
