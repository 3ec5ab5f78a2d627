-- orders: each accepted order. (Plural: ORDER is an SQL keyword.)
-- Purpose:    what the customer asked for and what became of it.
-- Written by: order-service: placed by REST, ended by order.complete or order.cancel.
-- Read by:    order-service, by id and by customer, newest first.
-- Rows:       one per order, millions.
-- Retention:  for ever.
--
-- No foreign key to customer: an order of an unknown customer is accepted, and its saga rejects it.

CREATE TABLE orders (
    id             uuid          CONSTRAINT orders_pk PRIMARY KEY, -- v7: newest first by id
    customer_id    text          NOT NULL,
    product_id     text          NOT NULL,
    quantity       integer       NOT NULL,
    amount         numeric(19,2) NOT NULL,
    currency       text          NOT NULL, -- ISO 4217
    flow           text          NOT NULL, -- the saga definition that runs it
    payment_method text,
    address        text,
    status         text          NOT NULL,
    reason         text,
    saga_id        uuid,
    correlation_id text          NOT NULL,
    traceparent    text,
    created_at     timestamptz   NOT NULL,
    updated_at     timestamptz   NOT NULL,
    ended_at       timestamptz,
    version        bigint        NOT NULL,

    CONSTRAINT orders_status_known CHECK (status IN ('PENDING', 'COMPLETED', 'CANCELLED')),
    CONSTRAINT orders_ended_iff_terminal CHECK ((status IN ('COMPLETED', 'CANCELLED')) = (ended_at IS NOT NULL)),
    CONSTRAINT orders_reason_iff_cancelled CHECK ((status = 'CANCELLED') = (reason IS NOT NULL)),
    CONSTRAINT orders_times_in_order CHECK (updated_at >= created_at AND ended_at >= created_at),
    CONSTRAINT orders_quantity_positive CHECK (quantity > 0),
    CONSTRAINT orders_amount_positive CHECK (amount > 0),
    CONSTRAINT orders_currency_is_iso_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT orders_customer_id_size CHECK (char_length(customer_id) BETWEEN 1 AND 128),
    CONSTRAINT orders_product_id_size CHECK (char_length(product_id) BETWEEN 1 AND 128),
    CONSTRAINT orders_flow_size CHECK (char_length(flow) BETWEEN 1 AND 128),
    CONSTRAINT orders_payment_method_size CHECK (char_length(payment_method) BETWEEN 1 AND 128),
    CONSTRAINT orders_address_size CHECK (char_length(address) BETWEEN 1 AND 1024),
    CONSTRAINT orders_reason_size CHECK (char_length(reason) BETWEEN 1 AND 4096),
    CONSTRAINT orders_correlation_id_size CHECK (char_length(correlation_id) BETWEEN 1 AND 256),
    CONSTRAINT orders_traceparent_size CHECK (char_length(traceparent) <= 256),
    CONSTRAINT orders_version_not_negative CHECK (version >= 0)
) WITH (fillfactor = 80); -- each order is updated once or twice, no indexed column among it: HOT

COMMENT ON COLUMN orders.payment_method IS 'Null: the customer''s usual one.';
COMMENT ON COLUMN orders.address IS 'Null: the customer''s usual one.';
COMMENT ON COLUMN orders.reason IS 'Why it was cancelled, one sentence. Null: it was not.';
COMMENT ON COLUMN orders.saga_id IS 'The saga that runs it. Null: none of its commands has arrived yet.';
COMMENT ON COLUMN orders.traceparent IS 'W3C trace context it was placed in. Null: there was none.';
COMMENT ON COLUMN orders.ended_at IS 'Null: still PENDING.';

-- Query: "GET /orders?customerId=", newest first.
CREATE INDEX orders_customer_idx ON orders (customer_id, id);

CREATE TRIGGER orders_ended_is_final
    BEFORE UPDATE ON orders
    FOR EACH ROW WHEN (OLD.status IN ('COMPLETED', 'CANCELLED'))
    EXECUTE FUNCTION refuse_change('an ended order never changes');

CREATE TRIGGER orders_terms_are_fixed
    BEFORE UPDATE ON orders
    FOR EACH ROW WHEN (
        (OLD.id, OLD.customer_id, OLD.product_id, OLD.quantity, OLD.amount, OLD.currency, OLD.flow, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.customer_id, NEW.product_id, NEW.quantity, NEW.amount, NEW.currency, NEW.flow, NEW.created_at))
    EXECUTE FUNCTION refuse_change('what was ordered never changes');

GRANT SELECT, INSERT, UPDATE ON orders TO ${app_role};
