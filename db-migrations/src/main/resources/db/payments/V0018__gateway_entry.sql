-- gateway_entry: the simulated payment gateway's own ledger, one row per idempotency key.
-- Purpose:    stands in for a foreign system: it charges a key at most once and never gives back more than it took.
-- Written by: the simulated gateway, in transactions of its own.
-- Read by:    the simulated gateway, by key; whoever audits that charges and refunds add up.
-- Rows:       one per charge that reached the gateway.
-- Retention:  for ever.

CREATE TABLE gateway_entry (
    idempotency_key text          CONSTRAINT gateway_entry_pk PRIMARY KEY,
    outcome         text          NOT NULL, -- CHARGED, DECLINED, or VOIDED: barred by a refund that came before the charge
    amount          numeric(19,2) NOT NULL,
    currency        text          NOT NULL, -- ISO 4217
    refunded_amount numeric(19,2) NOT NULL DEFAULT 0,
    reference       text,
    created_at      timestamptz   NOT NULL,
    updated_at      timestamptz   NOT NULL,

    CONSTRAINT gateway_entry_reference_uq UNIQUE (reference),
    CONSTRAINT gateway_entry_outcome_known CHECK (outcome IN ('CHARGED', 'DECLINED', 'VOIDED')),
    CONSTRAINT gateway_entry_reference_iff_charged CHECK ((outcome = 'CHARGED') = (reference IS NOT NULL)),
    CONSTRAINT gateway_entry_amount_positive CHECK (amount > 0),
    CONSTRAINT gateway_entry_currency_is_iso_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT gateway_entry_refund_within_charge
        CHECK (refunded_amount BETWEEN 0 AND CASE WHEN outcome = 'CHARGED' THEN amount ELSE 0 END),
    CONSTRAINT gateway_entry_times_in_order CHECK (updated_at >= created_at),
    CONSTRAINT gateway_entry_idempotency_key_size CHECK (char_length(idempotency_key) BETWEEN 1 AND 256),
    CONSTRAINT gateway_entry_reference_size CHECK (char_length(reference) BETWEEN 1 AND 128)
) WITH (fillfactor = 90); -- a few are refunded, no indexed column among it: HOT

COMMENT ON COLUMN gateway_entry.reference IS 'The gateway''s name for the charge. Null: nothing was charged.';

CREATE TRIGGER gateway_entry_only_refunds_more
    BEFORE UPDATE ON gateway_entry
    FOR EACH ROW WHEN (
        NEW.refunded_amount < OLD.refunded_amount
        OR (OLD.idempotency_key, OLD.outcome, OLD.amount, OLD.currency, OLD.reference, OLD.created_at)
           IS DISTINCT FROM
           (NEW.idempotency_key, NEW.outcome, NEW.amount, NEW.currency, NEW.reference, NEW.created_at))
    EXECUTE FUNCTION refuse_change('an entry never changes, but for a growing refund');

GRANT SELECT, INSERT, UPDATE ON gateway_entry TO ${app_role};
