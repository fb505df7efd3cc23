-- What of an order was sent, in which parcel, and what will never be: no more in all than was ordered.
ALTER TABLE order_line
    ADD COLUMN shipped integer NOT NULL DEFAULT 0,
    ADD COLUMN cancelled integer NOT NULL DEFAULT 0,
    ADD COLUMN refunded integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT order_line_no_more_than_ordered CHECK (shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity),
    ADD CONSTRAINT order_line_refunded_once CHECK (refunded >= cancelled AND refunded <= quantity);

CREATE TABLE shipment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    key uuid UNIQUE NOT NULL,
    carrier varchar(60) NOT NULL DEFAULT '',
    tracking varchar(120) NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX shipment_order_id ON shipment (order_id);

CREATE TABLE shipment_line (
    id uuid PRIMARY KEY,
    shipment_id uuid NOT NULL  REFERENCES shipment,
    order_line_id uuid NOT NULL  REFERENCES order_line,
    quantity integer NOT NULL,
    CHECK (quantity > 0),
    UNIQUE (shipment_id, order_line_id)
);

CREATE INDEX shipment_line_order_line_id ON shipment_line (order_line_id);
