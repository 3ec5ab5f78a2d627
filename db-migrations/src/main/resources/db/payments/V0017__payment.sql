-- payment: what we asked the gateway to charge, and what became of it.
-- Purpose:    the intent is committed before the gateway is called, the outcome after, so that no crash forgets a charge.
-- Written by: payment-service: payment.process, payment.refund.
-- Read by:    payment-service, by idempotency key, by order, newest first.
-- Rows:       one per charge that was tried.
-- Retention:  for ever.
--
--   PENDING --> COMPLETED --> REFUND_PENDING --> REFUNDED
--      |--> DECLINED             |   |  ^--- also straight from PENDING, when the charge's outcome is not known
--      `--> CANCELLED <----------'   `--> DECLINED
-- PENDING and REFUND_PENDING are intents: the gateway is asked, the answer is not recorded. CANCELLED: never charged, and
-- the gateway bars the key. DECLINED, REFUNDED and CANCELLED are final. A refund is always the whole charge.

CREATE TABLE payment (
    id                uuid          CONSTRAINT payment_pk PRIMARY KEY, -- v7: newest first by id
    order_id          text          NOT NULL, -- text: sagas started by others bring keys of their own
    saga_id           uuid          NOT NULL,
    step              text          NOT NULL,
    idempotency_key   text          NOT NULL, -- <saga>:<step>:<generation>
    amount            numeric(19,2) NOT NULL,
    currency          text          NOT NULL, -- ISO 4217
    payment_method    text,
    status            text          NOT NULL,
    gateway_reference text,
    reason            text,
    created_at        timestamptz   NOT NULL,
    updated_at        timestamptz   NOT NULL,
    version           bigint        NOT NULL,

    CONSTRAINT payment_idempotency_key_uq UNIQUE (idempotency_key),
    CONSTRAINT payment_status_known
        CHECK (status IN ('PENDING', 'COMPLETED', 'DECLINED', 'REFUND_PENDING', 'REFUNDED', 'CANCELLED')),
    -- While a refund is pending it may not be known yet whether there was a charge.
    CONSTRAINT payment_gateway_reference_iff_charged
        CHECK (status = 'REFUND_PENDING' OR (status IN ('COMPLETED', 'REFUNDED')) = (gateway_reference IS NOT NULL)),
    CONSTRAINT payment_reason_iff_declined CHECK ((status = 'DECLINED') = (reason IS NOT NULL)),
    CONSTRAINT payment_amount_positive CHECK (amount > 0),
    CONSTRAINT payment_currency_is_iso_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT payment_times_in_order CHECK (updated_at >= created_at),
    CONSTRAINT payment_order_id_size CHECK (char_length(order_id) BETWEEN 1 AND 256),
    CONSTRAINT payment_step_size CHECK (char_length(step) BETWEEN 1 AND 128),
    CONSTRAINT payment_idempotency_key_size CHECK (char_length(idempotency_key) BETWEEN 1 AND 256),
    CONSTRAINT payment_method_size CHECK (char_length(payment_method) BETWEEN 1 AND 128),
    CONSTRAINT payment_gateway_reference_size CHECK (char_length(gateway_reference) BETWEEN 1 AND 128),
    CONSTRAINT payment_reason_size CHECK (char_length(reason) BETWEEN 1 AND 4096),
    CONSTRAINT payment_version_not_negative CHECK (version >= 0)
);

COMMENT ON COLUMN payment.payment_method IS 'Null: the customer''s usual one.';
COMMENT ON COLUMN payment.gateway_reference IS 'The gateway''s name for the charge. Null: nothing was charged, as far as is known.';
COMMENT ON COLUMN payment.reason IS 'Why it was declined, one sentence. Null: it was not.';

-- Query: "GET /payments?orderId=".
CREATE INDEX payment_order_idx ON payment (order_id);

-- No query: a saga's step has at most one charge that counts, whatever the generation.
CREATE UNIQUE INDEX payment_step_charged_once_uq ON payment (saga_id, step)
    WHERE status IN ('PENDING', 'COMPLETED', 'REFUND_PENDING');

CREATE TRIGGER payment_moves_forward
    BEFORE UPDATE ON payment
    FOR EACH ROW WHEN (
        OLD.status IN ('DECLINED', 'REFUNDED', 'CANCELLED')
        OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
            ('PENDING', 'COMPLETED'), ('PENDING', 'DECLINED'), ('PENDING', 'REFUND_PENDING'), ('PENDING', 'CANCELLED'),
            ('COMPLETED', 'REFUND_PENDING'),
            ('REFUND_PENDING', 'REFUNDED'), ('REFUND_PENDING', 'DECLINED'), ('REFUND_PENDING', 'CANCELLED')))
    EXECUTE FUNCTION refuse_change('a payment only moves forward, and a final one never changes');

CREATE TRIGGER payment_terms_are_fixed
    BEFORE UPDATE ON payment
    FOR EACH ROW WHEN (
        (OLD.id, OLD.order_id, OLD.saga_id, OLD.step, OLD.idempotency_key, OLD.amount, OLD.currency, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.saga_id, NEW.step, NEW.idempotency_key, NEW.amount, NEW.currency, NEW.created_at)
        OR OLD.gateway_reference <> NEW.gateway_reference
        OR OLD.gateway_reference IS NOT NULL AND NEW.gateway_reference IS NULL)
    EXECUTE FUNCTION refuse_change('what was charged never changes');

GRANT SELECT, INSERT, UPDATE ON payment TO ${app_role};
