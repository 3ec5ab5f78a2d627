-- saga_log: everything that happened to each saga, in order.
-- Purpose:    the account of a saga, for people and for replaying it: the folded log is the saga row.
-- Written by: SagaCoordinator, in the transaction that changes the saga.
-- Read by:    the REST API (one saga, oldest first), views saga_v1.saga_log and saga_v1.operator_action.
-- Rows:       about ten per saga.
-- Retention:  as long as its saga. INSERT only, by grants and by trigger.
--
-- No foreign key to saga: one store writes both in one transaction, and the check would cost a lookup for every entry.

CREATE TABLE saga_log (
    saga_id    uuid        NOT NULL,
    seq        bigint      GENERATED ALWAYS AS IDENTITY, -- grows within a saga; gaps are normal
    at         timestamptz NOT NULL,
    kind       text        NOT NULL,
    step       text,
    phase      text,
    generation integer,
    attempt    integer,
    message_id text,
    actor      text        NOT NULL,
    detail     jsonb       NOT NULL,

    CONSTRAINT saga_log_pk PRIMARY KEY (saga_id, seq),
    CONSTRAINT saga_log_kind_known CHECK (kind IN (
        'SAGA_STARTED', 'COMMAND_SENT', 'REPLY_RECEIVED', 'REPLY_IGNORED', 'RETRY_SCHEDULED', 'STEP_TIMED_OUT',
        'STEP_SKIPPED', 'DEADLINE_PASSED', 'COMPENSATION_STARTED', 'SAGA_COMPLETED', 'SAGA_COMPENSATED', 'SAGA_STUCK',
        'SAGA_ABANDONED', 'OPERATOR_ACTION')),
    CONSTRAINT saga_log_phase_known CHECK (phase IN ('ACTION', 'COMPENSATION')),
    CONSTRAINT saga_log_step_generation_attempt_together CHECK (num_nulls(step, generation, attempt) IN (0, 3)),
    CONSTRAINT saga_log_phase_has_step CHECK (phase IS NULL OR step IS NOT NULL),
    CONSTRAINT saga_log_generation_counts_from_1 CHECK (generation >= 1),
    CONSTRAINT saga_log_attempt_not_negative CHECK (attempt >= 0),
    CONSTRAINT saga_log_step_size CHECK (char_length(step) BETWEEN 1 AND 128),
    CONSTRAINT saga_log_message_id_size CHECK (char_length(message_id) BETWEEN 1 AND 512),
    CONSTRAINT saga_log_actor_size CHECK (char_length(actor) BETWEEN 1 AND 256),
    CONSTRAINT saga_log_detail_is_object CHECK (jsonb_typeof(detail) = 'object'),
    -- It holds a whole input or reply: 64 KiB of JSON text is up to 400 KiB of jsonb.
    CONSTRAINT saga_log_detail_size CHECK (pg_column_size(detail) <= 524288)
);

COMMENT ON COLUMN saga_log.step IS 'Null: the entry is about the whole saga.';
COMMENT ON COLUMN saga_log.phase IS 'Null: the entry is about the whole saga, or about a step as a whole.';
COMMENT ON COLUMN saga_log.generation IS '1-based. Null: the entry is about the whole saga.';
COMMENT ON COLUMN saga_log.attempt IS '1-based, 0 when nothing was sent yet. Null: the entry is about the whole saga.';
COMMENT ON COLUMN saga_log.message_id IS 'ce_id of the message that was sent or received. Null: no message.';

-- Query: view saga_v1.operator_action, latest first. Operators act rarely: it costs nothing elsewhere.
CREATE INDEX saga_log_operator_action_idx ON saga_log (at) WHERE kind = 'OPERATOR_ACTION';

CREATE TRIGGER saga_log_insert_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON saga_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the log is only ever added to');

GRANT SELECT, INSERT ON saga_log TO ${app_role};
