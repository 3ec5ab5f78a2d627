-- outbox: messages that were committed with a business change and still have to be sent.
-- Purpose:    a change and its messages become true together; only the relay talks to the broker.
-- Written by: Outbox (INSERT, in the business transaction); the relay (DELETE, once acknowledged).
-- Read by:    the relay, oldest first; view saga_v1.outbox_backlog.
-- Rows:       none at rest, a few thousand under load, one per message while the broker is away.
-- Retention:  until the broker acknowledges; nothing is kept after that.

CREATE TABLE outbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_pk PRIMARY KEY,
    topic       text        NOT NULL,
    message_key text        NOT NULL,
    headers     jsonb       NOT NULL,
    body        bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),

    -- Limits: 249 is Kafka's own; a body can be a dead letter, as large as the broker accepts a record.
    CONSTRAINT outbox_topic_size CHECK (char_length(topic) BETWEEN 1 AND 249),
    CONSTRAINT outbox_message_key_size CHECK (char_length(message_key) <= 256),
    CONSTRAINT outbox_headers_are_object CHECK (jsonb_typeof(headers) = 'object'),
    CONSTRAINT outbox_headers_size CHECK (pg_column_size(headers) <= 16384),
    CONSTRAINT outbox_body_size CHECK (octet_length(body) <= 1100000)
) WITH (
    -- A queue: it is emptied all the time, so it is vacuumed by rows and not by a share of its size, and keeps its pages:
    -- giving them back takes a lock that stops every append.
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    vacuum_truncate = false
);

GRANT SELECT, INSERT, DELETE ON outbox TO ${app_role};
