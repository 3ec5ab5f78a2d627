-- outbox: no statistics.
-- Purpose:    whatever a sample says of a queue is wrong a moment later, and nothing asks for it: the relay reads along the primary key. A
--             queue changes so fast that autovacuum would take a sample whenever it looks.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE outbox SET (autovacuum_analyze_threshold = 2147483647);
