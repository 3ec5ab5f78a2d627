-- inbox: statistics are made less often.
-- Purpose:    autovacuum makes statistics anew whenever a tenth of a table has changed. A young table changes that much every few
--             seconds, and each sample costs as much as one of a large table. What is searched here is searched by keys, and
--             that plan needs no fresh statistics; from now on they are made when the table has as many changes as rows.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE inbox SET (autovacuum_analyze_scale_factor = 1);
