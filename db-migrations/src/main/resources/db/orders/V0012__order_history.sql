-- order_history: what became of each order, in order.
-- Purpose:    the customer's view of an order's way, part of "GET /orders/{id}".
-- Written by: order-service, with each change of an order.
-- Read by:    order-service, by order.
-- Rows:       two or three per order.
-- Retention:  as long as its order. INSERT only.

CREATE TABLE order_history (
    order_id uuid        NOT NULL,
    seq      integer     NOT NULL,
    at       timestamptz NOT NULL,
    status   text        NOT NULL,
    detail   text,

    CONSTRAINT order_history_pk PRIMARY KEY (order_id, seq),
    CONSTRAINT order_history_order_fk FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT order_history_seq_not_negative CHECK (seq >= 0),
    CONSTRAINT order_history_status_known CHECK (status IN ('PENDING', 'COMPLETED', 'CANCELLED')),
    CONSTRAINT order_history_detail_size CHECK (char_length(detail) BETWEEN 1 AND 4096)
);

COMMENT ON COLUMN order_history.detail IS 'One sentence. Null: the status says it all.';

CREATE TRIGGER order_history_insert_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON order_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('history is only ever added to');

GRANT SELECT, INSERT ON order_history TO ${app_role};
