-- reservation: stock promised to an order.
-- Purpose:    remembers what a release has to give back, so that it gives back exactly that, once.
-- Written by: inventory-service: inventory.reserve inserts, inventory.release releases.
-- Read by:    inventory-service, by saga step, by order, and a product's newest.
-- Rows:       one per order that had stock.
-- Retention:  for ever.

CREATE TABLE reservation (
    id          uuid        CONSTRAINT reservation_pk PRIMARY KEY, -- v7: newest first by id
    order_id    text        NOT NULL, -- text: sagas started by others bring keys of their own
    saga_id     uuid        NOT NULL,
    step        text        NOT NULL,
    product_id  text        NOT NULL,
    quantity    integer     NOT NULL,
    status      text        NOT NULL,
    created_at  timestamptz NOT NULL,
    released_at timestamptz,

    CONSTRAINT reservation_step_uq UNIQUE (saga_id, step),
    CONSTRAINT reservation_product_fk FOREIGN KEY (product_id) REFERENCES product (id),
    CONSTRAINT reservation_status_known CHECK (status IN ('RESERVED', 'RELEASED')),
    CONSTRAINT reservation_released_iff_given_back CHECK ((status = 'RELEASED') = (released_at IS NOT NULL)),
    CONSTRAINT reservation_quantity_positive CHECK (quantity > 0),
    CONSTRAINT reservation_times_in_order CHECK (released_at >= created_at),
    CONSTRAINT reservation_step_size CHECK (char_length(step) BETWEEN 1 AND 128),
    CONSTRAINT reservation_order_id_size CHECK (char_length(order_id) BETWEEN 1 AND 256)
) WITH (fillfactor = 90); -- a few are updated once, no indexed column among it: HOT

COMMENT ON COLUMN reservation.released_at IS 'Null: still RESERVED.';

-- Query: reservations of a product, newest first, in "GET /inventory".
CREATE INDEX reservation_product_idx ON reservation (product_id, id);

-- Query: reservations of an order, in "GET /inventory?orderId=".
CREATE INDEX reservation_order_idx ON reservation (order_id);

CREATE TRIGGER reservation_released_is_final
    BEFORE UPDATE ON reservation
    FOR EACH ROW WHEN (OLD.status = 'RELEASED')
    EXECUTE FUNCTION refuse_change('a released reservation never changes');

CREATE TRIGGER reservation_terms_are_fixed
    BEFORE UPDATE ON reservation
    FOR EACH ROW WHEN (
        (OLD.id, OLD.order_id, OLD.saga_id, OLD.step, OLD.product_id, OLD.quantity, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.order_id, NEW.saga_id, NEW.step, NEW.product_id, NEW.quantity, NEW.created_at))
    EXECUTE FUNCTION refuse_change('what was reserved never changes');

GRANT SELECT, INSERT, UPDATE ON reservation TO ${app_role};
