-- outbox: vacuumed at full speed.
-- Purpose:    every row leaves a dead one within a second. Vacuum that rests between pages, as it does by default, and shares its
--             pace with the large tables, falls behind after a long transaction and never catches up; the queue is small, and cheap
--             to vacuum as long as it is.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE outbox SET (autovacuum_vacuum_cost_delay = 0);
