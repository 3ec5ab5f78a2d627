-- Schema saga_v1: the state of the sagas as an SQL interface. Views only.
-- Purpose:    people and dashboards ask PostgreSQL directly; the tables behind may change, these views do not.
-- Written by: nobody; they are views, and saga_reader may only SELECT.
-- Read by:    saga_reader, and whoever is granted that role.
-- Rows:       those of the tables behind.
-- Retention:  changed only by addition; what must break goes into saga_v2.

CREATE SCHEMA saga_v1;
COMMENT ON SCHEMA saga_v1 IS 'The state of the sagas, to be read: changed only by addition.';

CREATE VIEW saga_v1.saga AS
SELECT s.id,
       s.definition,
       s.definition_version,
       s.business_key,
       s.status,
       s.current_step,
       s.started_at,
       s.updated_at,
       s.ended_at,
       coalesce(s.ended_at, now()) - s.started_at AS duration,
       s.next_action_at,
       s.failure_step,
       s.failure_reason,
       jsonb_build_object('input', s.input, 'steps', s.replies) AS data
FROM saga s;

COMMENT ON VIEW saga_v1.saga IS 'Each saga and where it stands.';
COMMENT ON COLUMN saga_v1.saga.id IS 'The saga.';
COMMENT ON COLUMN saga_v1.saga.definition IS 'Name of its saga definition.';
COMMENT ON COLUMN saga_v1.saga.definition_version IS 'Version of its saga definition, fixed for its life.';
COMMENT ON COLUMN saga_v1.saga.business_key IS 'What it is about, unique within its definition: an order id, for example.';
COMMENT ON COLUMN saga_v1.saga.status IS 'RUNNING, COMPENSATING, COMPLETED, COMPENSATED, STUCK or ABANDONED.';
COMMENT ON COLUMN saga_v1.saga.current_step IS 'The first step that is in flight or needs an operator; null when none does.';
COMMENT ON COLUMN saga_v1.saga.started_at IS 'When it was started.';
COMMENT ON COLUMN saga_v1.saga.updated_at IS 'When it last changed.';
COMMENT ON COLUMN saga_v1.saga.ended_at IS 'When it became COMPLETED, COMPENSATED or ABANDONED; null before.';
COMMENT ON COLUMN saga_v1.saga.duration IS 'From its start to its end, or until now.';
COMMENT ON COLUMN saga_v1.saga.next_action_at IS 'When the orchestrator looks at it next by itself; null when it does not move by itself (ended, or STUCK).';
COMMENT ON COLUMN saga_v1.saga.failure_step IS 'The step that made it compensate or stick; null when none did.';
COMMENT ON COLUMN saga_v1.saga.failure_reason IS 'Why it compensates or sticks, one sentence; null while all is well.';
COMMENT ON COLUMN saga_v1.saga.data IS 'What it was started with (input) and what its steps answered (steps, by step id).';

CREATE VIEW saga_v1.saga_step AS
SELECT s.id AS saga_id,
       e.key AS step,
       e.value ->> 'kind' AS kind,
       e.value ->> 'status' AS status,
       (e.value ->> 'generation')::integer AS generation,
       (e.value ->> 'attempts')::integer AS attempts,
       (e.value ->> 'sentAt')::timestamptz AS sent_at,
       (e.value ->> 'repliedAt')::timestamptz AS replied_at,
       e.value ->> 'reason' AS reason
FROM saga s
CROSS JOIN LATERAL jsonb_each(s.steps) AS e (key, value);

COMMENT ON VIEW saga_v1.saga_step IS 'Each step of each saga and where it stands. In no order: the definition has the order.';
COMMENT ON COLUMN saga_v1.saga_step.saga_id IS 'The saga.';
COMMENT ON COLUMN saga_v1.saga_step.step IS 'The step''s id in the saga definition.';
COMMENT ON COLUMN saga_v1.saga_step.kind IS 'COMPENSATABLE, PIVOT or RETRIABLE: what a failure of the step means for its saga.';
COMMENT ON COLUMN saga_v1.saga_step.status IS 'PENDING, SENT, RETRYING, SUCCEEDED, REJECTED, UNKNOWN, SKIPPED, COMPENSATED or FAILED.';
COMMENT ON COLUMN saga_v1.saga_step.generation IS '1-based; grows when an operator replays a step that was rejected.';
COMMENT ON COLUMN saga_v1.saga_step.attempts IS 'How often its command was sent in this generation and phase.';
COMMENT ON COLUMN saga_v1.saga_step.sent_at IS 'When its command was last sent; null when never.';
COMMENT ON COLUMN saga_v1.saga_step.replied_at IS 'When its last counted reply was applied; null when none was.';
COMMENT ON COLUMN saga_v1.saga_step.reason IS 'What went wrong last, one sentence; null when nothing did.';

CREATE VIEW saga_v1.saga_log AS
SELECT l.saga_id, l.seq, l.at, l.kind, l.step, l.phase, l.generation, l.attempt, l.message_id, l.actor, l.detail
FROM saga_log l;

COMMENT ON VIEW saga_v1.saga_log IS 'Everything that happened to each saga. Order by seq.';
COMMENT ON COLUMN saga_v1.saga_log.saga_id IS 'The saga.';
COMMENT ON COLUMN saga_v1.saga_log.seq IS 'Grows within a saga; gaps are normal.';
COMMENT ON COLUMN saga_v1.saga_log.at IS 'When it was decided.';
COMMENT ON COLUMN saga_v1.saga_log.kind IS 'What happened: SAGA_STARTED, COMMAND_SENT, REPLY_RECEIVED, REPLY_IGNORED, RETRY_SCHEDULED, STEP_TIMED_OUT, STEP_SKIPPED, DEADLINE_PASSED, COMPENSATION_STARTED, SAGA_COMPLETED, SAGA_COMPENSATED, SAGA_STUCK, SAGA_ABANDONED or OPERATOR_ACTION.';
COMMENT ON COLUMN saga_v1.saga_log.step IS 'The step it happened to; null when it happened to the saga as a whole.';
COMMENT ON COLUMN saga_v1.saga_log.phase IS 'ACTION or COMPENSATION; null when it is about the saga, or about a step as a whole.';
COMMENT ON COLUMN saga_v1.saga_log.generation IS 'The step''s generation, 1-based; null when it happened to the saga as a whole.';
COMMENT ON COLUMN saga_v1.saga_log.attempt IS '1-based, 0 when nothing was sent yet; null when it happened to the saga as a whole.';
COMMENT ON COLUMN saga_v1.saga_log.message_id IS 'ce_id of the message that was sent or received; null when there was none.';
COMMENT ON COLUMN saga_v1.saga_log.actor IS 'Who did it: orchestrator, participant:<name>, operator:<user> or client:<source>.';
COMMENT ON COLUMN saga_v1.saga_log.detail IS 'What the entry brought: input, reply data, reason, due time and the like.';

CREATE VIEW saga_v1.stuck_saga AS
SELECT s.id,
       s.definition,
       s.definition_version,
       s.business_key,
       CASE WHEN held.status = 'REJECTED' THEN held.phase || '_REJECTED'
            WHEN held.attempts = '0' THEN 'COMMAND_NOT_BUILDABLE'
            ELSE coalesce(held.phase, 'ACTION') || '_OUT_OF_ATTEMPTS' END AS verdict,
       format(CASE WHEN held.status = 'REJECTED' THEN 'the %s of step %s was refused: %s'
                   WHEN held.attempts = '0' THEN 'the command of the %s of step %s cannot be made: %s'
                   ELSE 'the %s of step %s has no attempt left: %s' END,
              lower(coalesce(held.phase, 'ACTION')),
              coalesce(held.step, s.failure_step, '(unknown)'),
              coalesce(held.reason, s.failure_reason)) AS explanation,
       s.updated_at AS since,
       now() - s.updated_at AS age,
       s.failure_step,
       s.failure_reason
FROM saga s
LEFT JOIN LATERAL (
    -- The step that holds it: out of attempts, or refused where a refusal cannot be compensated.
    SELECT e.key AS step,
           coalesce(e.value ->> 'phase', 'ACTION') AS phase,
           e.value ->> 'status' AS status,
           e.value ->> 'attempts' AS attempts,
           e.value ->> 'reason' AS reason
    FROM jsonb_each(s.steps) AS e (key, value)
    WHERE e.value ->> 'status' = 'FAILED'
       OR (e.value ->> 'status' = 'REJECTED'
           AND (e.value ->> 'phase' = 'COMPENSATION' OR e.value ->> 'kind' = 'RETRIABLE'))
    ORDER BY e.key = s.current_step DESC NULLS LAST, e.key
    LIMIT 1
) held ON true
WHERE s.status = 'STUCK';

COMMENT ON VIEW saga_v1.stuck_saga IS 'Each saga that needs an operator, and why.';
COMMENT ON COLUMN saga_v1.stuck_saga.id IS 'The saga.';
COMMENT ON COLUMN saga_v1.stuck_saga.definition IS 'Name of its saga definition.';
COMMENT ON COLUMN saga_v1.stuck_saga.definition_version IS 'Version of its saga definition.';
COMMENT ON COLUMN saga_v1.stuck_saga.business_key IS 'What it is about, unique within its definition.';
COMMENT ON COLUMN saga_v1.stuck_saga.verdict IS 'What holds it: ACTION_OUT_OF_ATTEMPTS, ACTION_REJECTED, COMPENSATION_OUT_OF_ATTEMPTS, COMPENSATION_REJECTED or COMMAND_NOT_BUILDABLE.';
COMMENT ON COLUMN saga_v1.stuck_saga.explanation IS 'The same in one sentence, with the step and its last reason.';
COMMENT ON COLUMN saga_v1.stuck_saga.since IS 'When it last changed: since then nothing moves it.';
COMMENT ON COLUMN saga_v1.stuck_saga.age IS 'From then until now.';
COMMENT ON COLUMN saga_v1.stuck_saga.failure_step IS 'The step that first failed: why it compensates, or why it is stuck; null when the saga failed as a whole (deadline, cancel).';
COMMENT ON COLUMN saga_v1.stuck_saga.failure_reason IS 'Why that step, or the saga, failed first.';

CREATE VIEW saga_v1.saga_duration AS
SELECT s.definition,
       (s.ended_at AT TIME ZONE 'UTC')::date AS day,
       count(*) AS count,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY s.ended_at - s.started_at) AS p50,
       percentile_disc(0.99) WITHIN GROUP (ORDER BY s.ended_at - s.started_at) AS p99
FROM saga s
WHERE s.ended_at IS NOT NULL
GROUP BY 1, 2;

COMMENT ON VIEW saga_v1.saga_duration IS 'How long sagas took, by definition and day. Reads every ended saga: not for a dashboard that refreshes by the second.';
COMMENT ON COLUMN saga_v1.saga_duration.definition IS 'Name of the saga definition.';
COMMENT ON COLUMN saga_v1.saga_duration.day IS 'The day they ended, UTC.';
COMMENT ON COLUMN saga_v1.saga_duration.count IS 'How many ended.';
COMMENT ON COLUMN saga_v1.saga_duration.p50 IS 'Half of them took at most this.';
COMMENT ON COLUMN saga_v1.saga_duration.p99 IS 'Ninety-nine of a hundred took at most this.';

CREATE VIEW saga_v1.outbox_backlog AS
SELECT count(*) AS rows, coalesce(now() - min(o.created_at), interval '0') AS oldest_age
FROM outbox o;

COMMENT ON VIEW saga_v1.outbox_backlog IS 'What the orchestrator''s relay still has to send. One row.';
COMMENT ON COLUMN saga_v1.outbox_backlog.rows IS 'Messages not yet acknowledged by the broker.';
COMMENT ON COLUMN saga_v1.outbox_backlog.oldest_age IS 'How long the oldest of them waits; zero when there is none.';

CREATE VIEW saga_v1.operator_action AS
SELECT l.at,
       l.saga_id,
       l.seq,
       l.actor,
       l.detail ->> 'action' AS action,
       l.detail ->> 'reason' AS reason,
       l.detail ->> 'refused' AS refused
FROM saga_log l
WHERE l.kind = 'OPERATOR_ACTION';

COMMENT ON VIEW saga_v1.operator_action IS 'What was asked of a saga from outside: who, what and why.';
COMMENT ON COLUMN saga_v1.operator_action.at IS 'When.';
COMMENT ON COLUMN saga_v1.operator_action.saga_id IS 'The saga.';
COMMENT ON COLUMN saga_v1.operator_action.seq IS 'Its place in the saga''s log.';
COMMENT ON COLUMN saga_v1.operator_action.actor IS 'Who asked: operator:<user> or client:<source>.';
COMMENT ON COLUMN saga_v1.operator_action.action IS 'replay, compensate, skip, abandon or cancel.';
COMMENT ON COLUMN saga_v1.operator_action.reason IS 'The reason that was given.';
COMMENT ON COLUMN saga_v1.operator_action.refused IS 'Why it was not done; null when it was.';

CREATE VIEW saga_v1.dead_letter AS
SELECT d.id, d.topic, d.message_key, d.code, d.reason, d.original_topic, d.original_partition, d.original_offset,
       d.arrived_at, d.headers, d.body
FROM dead_letter d;

COMMENT ON VIEW saga_v1.dead_letter IS 'Messages that were set aside because nobody could read or process them.';
COMMENT ON COLUMN saga_v1.dead_letter.id IS 'The dead letter.';
COMMENT ON COLUMN saga_v1.dead_letter.topic IS 'The topic it was set aside on.';
COMMENT ON COLUMN saga_v1.dead_letter.message_key IS 'The message''s key; null when it had none.';
COMMENT ON COLUMN saga_v1.dead_letter.code IS 'Why, as a stable code.';
COMMENT ON COLUMN saga_v1.dead_letter.reason IS 'Why, in one sentence.';
COMMENT ON COLUMN saga_v1.dead_letter.original_topic IS 'Where it was first read; null when its headers do not tell.';
COMMENT ON COLUMN saga_v1.dead_letter.original_partition IS 'Its partition there; null when its headers do not tell.';
COMMENT ON COLUMN saga_v1.dead_letter.original_offset IS 'Its offset there; null when its headers do not tell.';
COMMENT ON COLUMN saga_v1.dead_letter.arrived_at IS 'When it was stored.';
COMMENT ON COLUMN saga_v1.dead_letter.headers IS 'The message''s headers, and those that say why it was set aside.';
COMMENT ON COLUMN saga_v1.dead_letter.body IS 'The message''s value, as it came.';

GRANT USAGE ON SCHEMA saga_v1 TO ${reader_role}, ${app_role};
GRANT SELECT ON ALL TABLES IN SCHEMA saga_v1 TO ${reader_role}, ${app_role};
