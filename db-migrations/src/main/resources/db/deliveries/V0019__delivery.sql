-- delivery: what we asked the carrier to deliver, and what became of it.
-- Purpose:    the intent is committed before the carrier is called, the outcome after, so that no crash forgets a booking.
-- Written by: delivery-service: delivery.schedule, delivery.cancel.
-- Read by:    delivery-service, by idempotency key, by order, newest first.
-- Rows:       one per booking that was tried.
-- Retention:  for ever.
--
--   PENDING --> SCHEDULED --> SHIPPED --> DELIVERED    (a carrier that was asked late skips states)
--      |            `--> CANCEL_PENDING --> CANCELLED
--      |--> REFUSED         |  ^--- also straight from PENDING, when the booking's outcome is not known
--      `--> CANCELLED       `--> REFUSED, or SHIPPED, DELIVERED: too late to cancel
-- PENDING and CANCEL_PENDING are intents: the carrier is asked, the answer is not recorded. DELIVERED, CANCELLED and
-- REFUSED are final.

CREATE TABLE delivery (
    id                uuid        CONSTRAINT delivery_pk PRIMARY KEY, -- v7: newest first by id
    order_id          text        NOT NULL, -- text: sagas started by others bring keys of their own
    saga_id           uuid        NOT NULL,
    step              text        NOT NULL,
    idempotency_key   text        NOT NULL, -- <saga>:<step>:<generation>
    address           text,
    status            text        NOT NULL,
    carrier_reference text,
    reason            text,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    version           bigint      NOT NULL,

    CONSTRAINT delivery_idempotency_key_uq UNIQUE (idempotency_key),
    CONSTRAINT delivery_status_known CHECK (
        status IN ('PENDING', 'SCHEDULED', 'SHIPPED', 'DELIVERED', 'CANCEL_PENDING', 'CANCELLED', 'REFUSED')),
    -- A cancelled delivery may or may not have been booked before.
    CONSTRAINT delivery_carrier_reference_iff_booked
        CHECK (status IN ('CANCEL_PENDING', 'CANCELLED')
               OR (status IN ('SCHEDULED', 'SHIPPED', 'DELIVERED')) = (carrier_reference IS NOT NULL)),
    CONSTRAINT delivery_reason_iff_refused CHECK ((status = 'REFUSED') = (reason IS NOT NULL)),
    CONSTRAINT delivery_times_in_order CHECK (updated_at >= created_at),
    CONSTRAINT delivery_order_id_size CHECK (char_length(order_id) BETWEEN 1 AND 256),
    CONSTRAINT delivery_step_size CHECK (char_length(step) BETWEEN 1 AND 128),
    CONSTRAINT delivery_idempotency_key_size CHECK (char_length(idempotency_key) BETWEEN 1 AND 256),
    CONSTRAINT delivery_address_size CHECK (char_length(address) BETWEEN 1 AND 1024),
    CONSTRAINT delivery_carrier_reference_size CHECK (char_length(carrier_reference) BETWEEN 1 AND 128),
    CONSTRAINT delivery_reason_size CHECK (char_length(reason) BETWEEN 1 AND 4096),
    CONSTRAINT delivery_version_not_negative CHECK (version >= 0)
);

COMMENT ON COLUMN delivery.address IS 'Null: the customer''s usual one.';
COMMENT ON COLUMN delivery.carrier_reference IS 'The carrier''s tracking number. Null: nothing was booked, as far as is known.';
COMMENT ON COLUMN delivery.reason IS 'Why the carrier refused, one sentence. Null: it did not.';

-- Query: "GET /deliveries?orderId=".
CREATE INDEX delivery_order_idx ON delivery (order_id);

-- No query: a saga's step has at most one booking that counts, whatever the generation.
CREATE UNIQUE INDEX delivery_step_booked_once_uq ON delivery (saga_id, step)
    WHERE status NOT IN ('CANCELLED', 'REFUSED');

-- Query: tracking, "the next deliveries under way".
CREATE INDEX delivery_under_way_idx ON delivery (id) WHERE status IN ('SCHEDULED', 'CANCEL_PENDING', 'SHIPPED');

CREATE TRIGGER delivery_moves_forward
    BEFORE UPDATE ON delivery
    FOR EACH ROW WHEN (
        OLD.status IN ('DELIVERED', 'CANCELLED', 'REFUSED')
        OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
            ('PENDING', 'SCHEDULED'), ('PENDING', 'REFUSED'), ('PENDING', 'CANCEL_PENDING'), ('PENDING', 'CANCELLED'),
            ('PENDING', 'SHIPPED'), ('PENDING', 'DELIVERED'),
            ('SCHEDULED', 'SHIPPED'), ('SCHEDULED', 'DELIVERED'),
            ('SCHEDULED', 'CANCEL_PENDING'), ('SCHEDULED', 'CANCELLED'),
            ('SHIPPED', 'DELIVERED'),
            ('CANCEL_PENDING', 'CANCELLED'), ('CANCEL_PENDING', 'REFUSED'),
            ('CANCEL_PENDING', 'SHIPPED'), ('CANCEL_PENDING', 'DELIVERED')))
    EXECUTE FUNCTION refuse_change('a delivery only moves forward, and a final one never changes');

CREATE TRIGGER delivery_terms_are_fixed
    BEFORE UPDATE ON delivery
    FOR EACH ROW WHEN (
        (OLD.id, OLD.order_id, OLD.saga_id, OLD.step, OLD.idempotency_key, OLD.address, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.saga_id, NEW.step, NEW.idempotency_key, NEW.address, NEW.created_at))
    EXECUTE FUNCTION refuse_change('what was to be delivered never changes');

GRANT SELECT, INSERT, UPDATE ON delivery TO ${app_role};
