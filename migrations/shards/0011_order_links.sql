-- The link in a confirmation mail, exchanged once for a row that lets another shopper's session read the order.
CREATE TABLE order_link (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    token_hash bytea UNIQUE NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    opened_at timestamptz
);

CREATE INDEX order_link_order_id ON order_link (order_id);

CREATE TABLE order_reader (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    shopper_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (order_id, shopper_id)
);
