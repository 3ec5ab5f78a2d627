-- outbox: headers are kept as they were written.
-- Purpose:    every row is written once, read once and deleted; taking its headers apart and putting them together again for jsonb
--             is work for nobody.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE outbox
    DROP CONSTRAINT outbox_headers_are_object,
    DROP CONSTRAINT outbox_headers_size;

ALTER TABLE outbox ALTER COLUMN headers TYPE json USING headers::json;

ALTER TABLE outbox
    ADD CONSTRAINT outbox_headers_are_object CHECK (json_typeof(headers) = 'object'),
    ADD CONSTRAINT outbox_headers_size CHECK (pg_column_size(headers) <= 65536);
