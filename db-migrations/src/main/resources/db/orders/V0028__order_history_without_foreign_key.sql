-- order_history: no foreign key to its order any more.
-- Purpose:    one store writes both in one transaction and orders are never removed (nobody is granted it); the check cost a lookup
--             and a row lock for every entry.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE order_history DROP CONSTRAINT order_history_order_fk;
