-- saga: the state of each saga instance, one row per saga.
-- Purpose:    what the next decision starts from; due work is next_action_at and nowhere else.
-- Written by: SagaCoordinator, once per decision, with a higher version each time.
-- Read by:    SagaCoordinator (by id, locked), the timer loop (due first), the REST API, the views of saga_v1.
-- Rows:       one per saga, millions; in flight at once: thousands.
-- Retention:  for ever until an archive takes the ended ones; the application role cannot delete.
--
-- Sizes of jsonb are pg_column_size: taken from the value as it is written, before compression, and free of the cast to
-- text that every update would pay otherwise. 64 KiB of JSON text, a message's limit, is up to 400 KiB of jsonb.

CREATE TABLE saga (
    id                 uuid        CONSTRAINT saga_pk PRIMARY KEY,
    definition         text        NOT NULL,
    definition_version integer     NOT NULL,
    business_key       text        NOT NULL,
    status             text        NOT NULL,
    current_step       text,
    version            bigint      NOT NULL,
    started_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    ended_at           timestamptz,
    next_action_at     timestamptz,
    deadline_at        timestamptz,
    failure_step       text,
    failure_reason     text,
    input              jsonb       NOT NULL, -- what the saga was started with
    replies            jsonb       NOT NULL, -- reply data by step id
    steps              jsonb       NOT NULL, -- state by step id: status, phase, generation, attempts, sentAt, repliedAt, dueAt, reason, kind, participant
    correlation_id     text        NOT NULL,
    traceparent        text,

    -- business_key first, so that this index also finds a key of any definition ("GET /sagas?businessKey=").
    CONSTRAINT saga_business_key_uq UNIQUE (business_key, definition),
    CONSTRAINT saga_definition_fk FOREIGN KEY (definition, definition_version) REFERENCES saga_definition (name, version),
    CONSTRAINT saga_status_known
        CHECK (status IN ('RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK', 'ABANDONED')),
    CONSTRAINT saga_ended_iff_terminal
        CHECK ((status IN ('COMPLETED', 'COMPENSATED', 'ABANDONED')) = (ended_at IS NOT NULL)),
    CONSTRAINT saga_due_iff_it_moves_by_itself
        CHECK ((status IN ('RUNNING', 'COMPENSATING')) = (next_action_at IS NOT NULL)),
    -- Of an abandoned saga it depends on what it was before.
    CONSTRAINT saga_reason_iff_failing
        CHECK (status = 'ABANDONED' OR (status IN ('COMPENSATING', 'COMPENSATED', 'STUCK')) = (failure_reason IS NOT NULL)),
    CONSTRAINT saga_failure_step_has_reason CHECK (failure_step IS NULL OR failure_reason IS NOT NULL),
    CONSTRAINT saga_times_in_order CHECK (updated_at >= started_at AND ended_at >= started_at),
    CONSTRAINT saga_version_not_negative CHECK (version >= 0),
    CONSTRAINT saga_business_key_size CHECK (char_length(business_key) BETWEEN 1 AND 256),
    CONSTRAINT saga_current_step_size CHECK (char_length(current_step) BETWEEN 1 AND 128),
    CONSTRAINT saga_failure_step_size CHECK (char_length(failure_step) BETWEEN 1 AND 128),
    CONSTRAINT saga_failure_reason_size CHECK (char_length(failure_reason) BETWEEN 1 AND 4096),
    CONSTRAINT saga_correlation_id_size CHECK (char_length(correlation_id) BETWEEN 1 AND 256),
    CONSTRAINT saga_traceparent_size CHECK (char_length(traceparent) <= 256),
    CONSTRAINT saga_input_is_object CHECK (jsonb_typeof(input) = 'object'),
    CONSTRAINT saga_input_size CHECK (pg_column_size(input) <= 524288),
    CONSTRAINT saga_replies_are_object CHECK (jsonb_typeof(replies) = 'object'),
    CONSTRAINT saga_replies_size CHECK (pg_column_size(replies) <= 4194304),
    CONSTRAINT saga_steps_are_object CHECK (jsonb_typeof(steps) = 'object'),
    CONSTRAINT saga_steps_size CHECK (pg_column_size(steps) <= 262144)
);

COMMENT ON COLUMN saga.current_step IS 'The first step that is in flight or needs an operator. Null: none does.';
COMMENT ON COLUMN saga.ended_at IS 'Null: not ended.';
COMMENT ON COLUMN saga.next_action_at IS 'When the timer loop looks at it next. Null: it does not move by itself (ended, or STUCK).';
COMMENT ON COLUMN saga.deadline_at IS 'When it is compensated if it has not passed its pivot. Null: no deadline, or no longer one.';
COMMENT ON COLUMN saga.failure_step IS 'The step that failed. Null: none did, or the saga failed as a whole (deadline, cancel).';
COMMENT ON COLUMN saga.failure_reason IS 'Why it failed, one sentence. Null: nothing failed.';
COMMENT ON COLUMN saga.traceparent IS 'W3C trace context it was started in. Null: there was none.';

-- Query: the timer loop, "WHERE next_action_at <= now() ORDER BY next_action_at FOR UPDATE SKIP LOCKED"; also what is in
-- flight by definition. Ended and STUCK sagas are not in it, so it stays as small as the work in flight.
CREATE INDEX saga_due_idx ON saga (next_action_at) WHERE next_action_at IS NOT NULL;

-- Query: "GET /sagas/stuck" and view saga_v1.stuck_saga.
CREATE INDEX saga_stuck_idx ON saga (updated_at) WHERE status = 'STUCK';

CREATE TRIGGER saga_ended_is_final
    BEFORE UPDATE ON saga
    FOR EACH ROW WHEN (OLD.status IN ('COMPLETED', 'COMPENSATED', 'ABANDONED'))
    EXECUTE FUNCTION refuse_change('an ended saga never changes');

CREATE TRIGGER saga_version_grows
    BEFORE UPDATE ON saga
    FOR EACH ROW WHEN (NEW.version <= OLD.version)
    EXECUTE FUNCTION refuse_change('every update takes a higher version');

-- What a saga is, and the definition it is pinned to, cannot be updated: those columns are not granted.
GRANT SELECT, INSERT ON saga TO ${app_role};
GRANT UPDATE (status, current_step, version, updated_at, ended_at, next_action_at, deadline_at, failure_step, failure_reason,
              replies, steps) ON saga TO ${app_role};
