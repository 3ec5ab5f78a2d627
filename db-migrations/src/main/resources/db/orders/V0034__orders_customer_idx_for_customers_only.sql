-- orders_customer_idx: for whoever names a customer only.
-- Purpose:    PostgreSQL 18 may skip through an index by its second column: a plan that was made for an empty table, and kept, looked
--             for each order's id below every customer. The condition holds for all rows, and for no query without a customer.
-- Written by: as before.
-- Read by:    as before.
-- Rows:       as before.
-- Retention:  as before.

DROP INDEX orders_customer_idx;

-- Query: "GET /orders?customerId=", newest first.
CREATE INDEX orders_customer_idx ON orders (customer_id, id) WHERE customer_id IS NOT NULL;
