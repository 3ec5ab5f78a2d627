-- product: stock, one row per product.
-- Purpose:    what can still be promised (available) and what is promised (reserved). Neither is ever negative.
-- Written by: inventory-service: reserve, release, restock.
-- Read by:    inventory-service, by id and as a list.
-- Rows:       a handful in the demo, tens of thousands in earnest.
-- Retention:  for ever.

CREATE TABLE product (
    id         text        CONSTRAINT product_pk PRIMARY KEY,
    available  integer     NOT NULL,
    reserved   integer     NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT product_id_size CHECK (char_length(id) BETWEEN 1 AND 128),
    CONSTRAINT product_available_not_negative CHECK (available >= 0),
    CONSTRAINT product_reserved_not_negative CHECK (reserved >= 0)
) WITH (fillfactor = 20); -- few rows, each updated by every order of its product: room for HOT updates in their page

GRANT SELECT, INSERT, UPDATE ON product TO ${app_role};
