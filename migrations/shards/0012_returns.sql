-- What a shopper sends back: asked for, decided on, received, and refunded or exchanged.
CREATE TABLE order_return (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    key uuid UNIQUE NOT NULL,
    status varchar(10) NOT NULL DEFAULT 'requested',
    reason varchar(500) NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (status IN ('requested', 'approved', 'rejected', 'received', 'refunded', 'exchanged'))
);

CREATE INDEX order_return_order_id ON order_return (order_id);

CREATE TABLE return_line (
    id uuid PRIMARY KEY,
    return_id uuid NOT NULL  REFERENCES order_return,
    order_line_id uuid NOT NULL  REFERENCES order_line,
    quantity integer NOT NULL,
    CHECK (quantity > 0),
    UNIQUE (return_id, order_line_id)
);

CREATE INDEX return_line_order_line_id ON return_line (order_line_id);
