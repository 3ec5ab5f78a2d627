-- reservation: no foreign key to its product any more.
-- Purpose:    stock is taken from the product's row, locked, in the same transaction, and products are never removed (nobody is
--             granted it); the check cost a lookup and a row lock for every reservation.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

ALTER TABLE reservation
    DROP CONSTRAINT reservation_product_fk,
    ADD CONSTRAINT reservation_product_id_size CHECK (char_length(product_id) BETWEEN 1 AND 128);
