-- inbox: room for answers.
-- Purpose:    an open row has 80 bytes, an answered one several hundred: only a page of which a quarter is filled with open rows has
--             room for all their answers (HOT).
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE inbox SET (fillfactor = 25);
