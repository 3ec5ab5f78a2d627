-- delivery.live, delivery.under_way: whether a delivery counts as its step's booking, and whether anything can still become of it.
-- Purpose:    most updates stay within their page and touch no index (HOT): from an intent to its outcome the status changes, which
--             was in two indexes, and these mostly do not. More than half of each page is left for the second version.
-- Written by: PostgreSQL.
-- Read by:    delivery-service, by saga step, and the next deliveries under way.
-- Rows:       those of table delivery.
-- Retention:  as long as its delivery.

ALTER TABLE delivery
    ADD COLUMN live boolean NOT NULL GENERATED ALWAYS AS (status NOT IN ('CANCELLED', 'REFUSED')) STORED,
    ADD COLUMN under_way boolean NOT NULL
        GENERATED ALWAYS AS (status IN ('PENDING', 'SCHEDULED', 'CANCEL_PENDING', 'SHIPPED')) STORED,
    SET (fillfactor = 45);

DROP INDEX delivery_step_booked_once_uq;
DROP INDEX delivery_under_way_idx;

-- Query: a saga's step has at most one booking that counts, whatever the generation.
CREATE UNIQUE INDEX delivery_step_booked_once_uq ON delivery (saga_id, step) WHERE live;

-- Query: tracking, "the next deliveries under way", which passes over those that are not booked yet.
CREATE INDEX delivery_under_way_idx ON delivery (id) WHERE under_way;
