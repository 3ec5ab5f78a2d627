-- The participants' tables, as the product has them, without what an engine of one process and one database can do without:
-- the saga's id and step in every row, triggers that guard what is final, inbox, outbox, history, notifications, and the
-- entries of the simulated gateway and carrier. One database; in the product each participant has its own.

CREATE TABLE orders (
    id             uuid          CONSTRAINT orders_pk PRIMARY KEY,
    customer_id    text          NOT NULL,
    product_id     text          NOT NULL,
    quantity       integer       NOT NULL,
    amount         numeric(19,2) NOT NULL,
    currency       text          NOT NULL,
    payment_method text          NOT NULL,
    address        text          NOT NULL,
    status         text          NOT NULL DEFAULT 'PENDING',
    created_at     timestamptz   NOT NULL DEFAULT now(),
    ended_at       timestamptz,

    CONSTRAINT orders_status_known CHECK (status IN ('PENDING', 'COMPLETED', 'CANCELLED')),
    CONSTRAINT orders_ended_iff_terminal CHECK ((status <> 'PENDING') = (ended_at IS NOT NULL))
) WITH (fillfactor = 80);

CREATE INDEX orders_customer_idx ON orders (customer_id, id);

CREATE TABLE product (
    id         text        CONSTRAINT product_pk PRIMARY KEY,
    available  integer     NOT NULL,
    reserved   integer     NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT product_available_not_negative CHECK (available >= 0),
    CONSTRAINT product_reserved_not_negative CHECK (reserved >= 0)
) WITH (fillfactor = 20);

CREATE TABLE reservation (
    id          uuid        CONSTRAINT reservation_pk PRIMARY KEY DEFAULT uuidv7(),
    order_id    uuid        NOT NULL,
    product_id  text        NOT NULL,
    quantity    integer     NOT NULL,
    status      text        NOT NULL DEFAULT 'RESERVED',
    created_at  timestamptz NOT NULL DEFAULT now(),
    released_at timestamptz,

    CONSTRAINT reservation_order_uq UNIQUE (order_id),
    CONSTRAINT reservation_product_fk FOREIGN KEY (product_id) REFERENCES product (id),
    CONSTRAINT reservation_released_iff_given_back CHECK ((status = 'RELEASED') = (released_at IS NOT NULL))
) WITH (fillfactor = 90);

CREATE INDEX reservation_product_idx ON reservation (product_id, id);

CREATE TABLE payment (
    id                uuid          CONSTRAINT payment_pk PRIMARY KEY DEFAULT uuidv7(),
    order_id          uuid          NOT NULL,
    amount            numeric(19,2) NOT NULL,
    currency          text          NOT NULL,
    payment_method    text          NOT NULL,
    status            text          NOT NULL,
    gateway_reference text,
    created_at        timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT payment_order_uq UNIQUE (order_id),
    CONSTRAINT payment_gateway_reference_iff_charged CHECK ((status = 'COMPLETED') = (gateway_reference IS NOT NULL))
);

CREATE TABLE delivery (
    id                uuid        CONSTRAINT delivery_pk PRIMARY KEY DEFAULT uuidv7(),
    order_id          uuid        NOT NULL,
    address           text        NOT NULL,
    status            text        NOT NULL DEFAULT 'SCHEDULED',
    carrier_reference text        NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT delivery_order_uq UNIQUE (order_id)
);
