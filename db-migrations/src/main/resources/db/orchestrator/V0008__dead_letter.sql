-- dead_letter: messages that were set aside, read from the <topic>.dlt topics.
-- Purpose:    shows what nobody could read and why, and lets an operator send it again or drop it.
-- Written by: the orchestrator's dead-letter listener.
-- Read by:    the REST API, view saga_v1.dead_letter.
-- Rows:       none on a good day.
-- Retention:  until an operator redrives or deletes it.

CREATE TABLE dead_letter (
    id                 uuid        CONSTRAINT dead_letter_pk PRIMARY KEY,
    topic              text        NOT NULL, -- the .dlt topic it was read from
    message_key        text,
    headers            jsonb       NOT NULL,
    body               bytea       NOT NULL,
    code               text        NOT NULL,
    reason             text        NOT NULL,
    original_topic     text,
    original_partition integer,
    original_offset    bigint,
    arrived_at         timestamptz NOT NULL DEFAULT now(),

    -- A dead letter read twice is one row. One that does not tell where it came from cannot be recognised: nulls differ.
    CONSTRAINT dead_letter_origin_uq UNIQUE (original_topic, original_partition, original_offset),
    CONSTRAINT dead_letter_origin_whole_or_absent
        CHECK (num_nulls(original_topic, original_partition, original_offset) IN (0, 3)),
    CONSTRAINT dead_letter_topic_size CHECK (char_length(topic) BETWEEN 1 AND 249),
    CONSTRAINT dead_letter_original_topic_size CHECK (char_length(original_topic) BETWEEN 1 AND 249),
    CONSTRAINT dead_letter_original_position_not_negative CHECK (original_partition >= 0 AND original_offset >= 0),
    CONSTRAINT dead_letter_message_key_size CHECK (char_length(message_key) <= 256),
    CONSTRAINT dead_letter_headers_are_object CHECK (jsonb_typeof(headers) = 'object'),
    CONSTRAINT dead_letter_headers_size CHECK (pg_column_size(headers) <= 16384),
    CONSTRAINT dead_letter_body_size CHECK (octet_length(body) <= 1100000),
    CONSTRAINT dead_letter_code_size CHECK (char_length(code) BETWEEN 1 AND 64),
    CONSTRAINT dead_letter_reason_size CHECK (char_length(reason) BETWEEN 1 AND 4096)
);

COMMENT ON COLUMN dead_letter.message_key IS 'Null: the message had none.';
COMMENT ON COLUMN dead_letter.original_topic IS 'Where it was first read. Null: its headers do not tell.';
COMMENT ON COLUMN dead_letter.original_partition IS 'Null: its headers do not tell.';
COMMENT ON COLUMN dead_letter.original_offset IS 'Null: its headers do not tell.';

GRANT SELECT, INSERT, DELETE ON dead_letter TO ${app_role};
