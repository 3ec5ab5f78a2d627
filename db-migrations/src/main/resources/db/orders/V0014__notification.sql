-- notification: messages to customers, as they were delivered.
-- Purpose:    what each customer was told, once per message.
-- Written by: order-service's two notification consumers.
-- Read by:    "GET /notifications", newest first.
-- Rows:       one or two per order.
-- Retention:  for ever.
--
-- No foreign key to orders: a notification is read from a topic, and stands on its own.

CREATE TABLE notification (
    id          uuid        CONSTRAINT notification_pk PRIMARY KEY, -- v7: newest first by id
    order_id    uuid        NOT NULL,
    customer_id text        NOT NULL,
    priority    text        NOT NULL,
    text        text        NOT NULL,
    message_id  text        NOT NULL, -- ce_id: the same message read twice is one row
    created_at  timestamptz NOT NULL,

    CONSTRAINT notification_message_uq UNIQUE (message_id),
    CONSTRAINT notification_priority_known CHECK (priority IN ('HIGH', 'LOW')),
    CONSTRAINT notification_customer_id_size CHECK (char_length(customer_id) BETWEEN 1 AND 128),
    CONSTRAINT notification_text_size CHECK (char_length(text) BETWEEN 1 AND 4096),
    CONSTRAINT notification_message_id_size CHECK (char_length(message_id) BETWEEN 1 AND 512)
);

-- Query: "GET /notifications?orderId=".
CREATE INDEX notification_order_idx ON notification (order_id);

GRANT SELECT, INSERT ON notification TO ${app_role};
