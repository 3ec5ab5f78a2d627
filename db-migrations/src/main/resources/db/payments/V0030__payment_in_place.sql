-- payment.live: whether a payment counts as its step's charge.
-- Purpose:    most updates stay within their page and touch no index (HOT): from an intent to its outcome the status changes, which
--             was in an index, and this mostly does not. More than half of each page is left for the second version.
-- Written by: PostgreSQL.
-- Read by:    payment-service, by saga step.
-- Rows:       those of table payment.
-- Retention:  as long as its payment.

ALTER TABLE payment
    ADD COLUMN live boolean NOT NULL GENERATED ALWAYS AS (status IN ('PENDING', 'COMPLETED', 'REFUND_PENDING')) STORED,
    SET (fillfactor = 45);

DROP INDEX payment_step_charged_once_uq;

-- Query: a saga's step has at most one charge that counts, whatever the generation.
CREATE UNIQUE INDEX payment_step_charged_once_uq ON payment (saga_id, step) WHERE live;
