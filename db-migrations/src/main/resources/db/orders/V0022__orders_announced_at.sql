-- orders.announced_at: when an order was last announced on order.events.
-- Purpose:    an announcement that the broker lost is made again, until the order's saga has been heard of.
-- Written by: order-service: with each announcement.
-- Read by:    order-service, regularly: the orders whose saga has not been heard of.
-- Rows:       those of table orders.
-- Retention:  as long as its order.

ALTER TABLE orders ADD COLUMN announced_at timestamptz NOT NULL DEFAULT now();

-- Query: pending orders whose saga has not been heard of. Few rows: a saga is heard of with its first command.
CREATE INDEX orders_unheard_idx ON orders (announced_at) WHERE ended_at IS NULL AND saga_id IS NULL;
