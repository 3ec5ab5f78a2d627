-- saga, saga_log: statistics are made less often.
-- Purpose:    autovacuum makes statistics anew whenever a tenth of a table has changed. A young table changes that much every few
--             seconds, and each sample costs as much as one of a large table. What is searched here is searched by keys, and
--             that plan needs no fresh statistics; from now on they are made when the table has about doubled (a saga's row
--             changes four times).
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE saga SET (autovacuum_analyze_scale_factor = 5);
ALTER TABLE saga_log SET (autovacuum_analyze_scale_factor = 1);
