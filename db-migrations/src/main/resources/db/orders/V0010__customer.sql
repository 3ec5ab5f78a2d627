-- customer: who may order.
-- Purpose:    customer.validate asks it; "GET /customers" lists it.
-- Written by: whoever keeps customers; here the demo data.
-- Read by:    order-service, by id and as a list.
-- Rows:       a dozen in the demo, hundreds of thousands in earnest.
-- Retention:  for ever.

CREATE TABLE customer (
    id      text    CONSTRAINT customer_pk PRIMARY KEY,
    name    text    NOT NULL,
    blocked boolean NOT NULL DEFAULT false, -- a blocked customer's orders are rejected

    CONSTRAINT customer_id_size CHECK (char_length(id) BETWEEN 1 AND 128),
    CONSTRAINT customer_name_size CHECK (char_length(name) BETWEEN 1 AND 256)
);

GRANT SELECT, INSERT, UPDATE ON customer TO ${app_role};
