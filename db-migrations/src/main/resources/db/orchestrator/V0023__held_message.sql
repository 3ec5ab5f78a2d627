-- held_message: messages for sagas whose definition the node that read them cannot read.
-- Purpose:    during a rolling deployment a node may lack the version of a saga; its replies wait here, not among the dead letters.
-- Written by: SagaCoordinator, in the transaction of the batch the message came in.
-- Read by:    the same, on any node that can read the version: it takes the rows in the transaction that handles them.
-- Rows:       none at rest; those that arrive at old nodes while a deployment rolls.
-- Retention:  until a node that can read the version has handled it.

CREATE TABLE held_message (
    topic              text        NOT NULL,
    topic_partition    integer     NOT NULL,
    topic_offset       bigint      NOT NULL,
    definition         text        NOT NULL,
    definition_version integer     NOT NULL,
    message_key        text,
    headers            jsonb       NOT NULL,
    body               bytea       NOT NULL,
    received_at        timestamptz NOT NULL DEFAULT now(),

    -- A message that is read twice is one row.
    CONSTRAINT held_message_pk PRIMARY KEY (topic, topic_partition, topic_offset),
    CONSTRAINT held_message_definition_fk
        FOREIGN KEY (definition, definition_version) REFERENCES saga_definition (name, version),
    CONSTRAINT held_message_topic_size CHECK (char_length(topic) BETWEEN 1 AND 249),
    CONSTRAINT held_message_position_not_negative CHECK (topic_partition >= 0 AND topic_offset >= 0),
    CONSTRAINT held_message_message_key_size CHECK (char_length(message_key) <= 256),
    CONSTRAINT held_message_headers_are_object CHECK (jsonb_typeof(headers) = 'object'),
    -- What the settings allow at most: 64 headers of 8 KiB, and their names.
    CONSTRAINT held_message_headers_size CHECK (pg_column_size(headers) <= 1048576),
    CONSTRAINT held_message_body_size CHECK (octet_length(body) <= 1100000)
);

COMMENT ON COLUMN held_message.message_key IS 'Null: the message had none.';

-- Query: HeldMessageStore, "ORDER BY received_at, topic_offset LIMIT ? FOR UPDATE SKIP LOCKED".
CREATE INDEX held_message_received_idx ON held_message (received_at, topic_offset);

-- A row is never changed; but FOR UPDATE asks for the right to, on one column at least.
GRANT SELECT, INSERT, DELETE, UPDATE (received_at) ON held_message TO ${app_role};
