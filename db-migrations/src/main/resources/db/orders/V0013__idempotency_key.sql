-- idempotency_key: the Idempotency-Key headers of POST /orders that were used.
-- Purpose:    the same request sent twice places one order and gets the same answer.
-- Written by: order-service, in the transaction that places the order.
-- Read by:    order-service, by key.
-- Rows:       at most one per order.
-- Retention:  as long as its order; a caller may come back with its key at any time.

CREATE TABLE idempotency_key (
    key          text        CONSTRAINT idempotency_key_pk PRIMARY KEY,
    request_hash text        NOT NULL, -- of the request's body: the same key with another body is refused
    order_id     uuid        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT idempotency_key_order_uq UNIQUE (order_id),
    -- Deferred, so that the key can be claimed first: of two requests at once the loser waits there and writes nothing.
    CONSTRAINT idempotency_key_order_fk FOREIGN KEY (order_id) REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT idempotency_key_size CHECK (char_length(key) BETWEEN 1 AND 256),
    CONSTRAINT idempotency_key_request_hash_size CHECK (char_length(request_hash) BETWEEN 1 AND 128)
);

GRANT SELECT, INSERT ON idempotency_key TO ${app_role};
