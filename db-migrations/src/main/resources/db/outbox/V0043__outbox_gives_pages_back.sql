-- outbox: gives its pages back when they are empty.
-- Purpose:    what a long transaction kept vacuum from removing leaves gigabytes of free pages behind, and new rows go through all of
--             them in turn: each is read, logged whole and written again, and throughput stays a fifth lower. The lock that giving
--             them back takes is taken only when nobody has the table, and left when somebody waits for it.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE outbox SET (vacuum_truncate = true);
