-- carrier_entry: the simulated carrier's own ledger, one row per idempotency key.
-- Purpose:    stands in for a foreign system: it books a key at most once, and a cancelled booking stays cancelled.
-- Written by: the simulated carrier, in transactions of its own.
-- Read by:    the simulated carrier, by key; whoever audits that bookings and cancellations add up.
-- Rows:       one per booking that reached the carrier.
-- Retention:  for ever.

CREATE TABLE carrier_entry (
    idempotency_key text        CONSTRAINT carrier_entry_pk PRIMARY KEY,
    outcome         text        NOT NULL, -- BOOKED, REFUSED, or VOIDED: barred by a cancellation that came before the booking
    tracking_number text,
    created_at      timestamptz NOT NULL,
    cancelled_at    timestamptz,

    CONSTRAINT carrier_entry_tracking_number_uq UNIQUE (tracking_number),
    CONSTRAINT carrier_entry_outcome_known CHECK (outcome IN ('BOOKED', 'REFUSED', 'VOIDED')),
    CONSTRAINT carrier_entry_tracking_number_iff_booked CHECK ((outcome = 'BOOKED') = (tracking_number IS NOT NULL)),
    CONSTRAINT carrier_entry_only_bookings_are_cancelled CHECK (outcome = 'BOOKED' OR cancelled_at IS NULL),
    CONSTRAINT carrier_entry_times_in_order CHECK (cancelled_at >= created_at),
    CONSTRAINT carrier_entry_idempotency_key_size CHECK (char_length(idempotency_key) BETWEEN 1 AND 256),
    CONSTRAINT carrier_entry_tracking_number_size CHECK (char_length(tracking_number) BETWEEN 1 AND 128)
) WITH (fillfactor = 90); -- a few are cancelled, no indexed column among it: HOT

COMMENT ON COLUMN carrier_entry.tracking_number IS 'Null: nothing was booked.';
COMMENT ON COLUMN carrier_entry.cancelled_at IS 'Null: not cancelled.';

CREATE TRIGGER carrier_entry_only_cancels_once
    BEFORE UPDATE ON carrier_entry
    FOR EACH ROW WHEN (
        OLD.cancelled_at IS NOT NULL
        OR (OLD.idempotency_key, OLD.outcome, OLD.tracking_number, OLD.created_at)
           IS DISTINCT FROM
           (NEW.idempotency_key, NEW.outcome, NEW.tracking_number, NEW.created_at))
    EXECUTE FUNCTION refuse_change('an entry never changes, but for being cancelled once');

GRANT SELECT, INSERT, UPDATE ON carrier_entry TO ${app_role};
