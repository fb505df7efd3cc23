-- Which units a refund was for, and what of it they cost. What earlier ones were for is only in their reason.
CREATE TABLE refund_line (
    id uuid PRIMARY KEY,
    refund_id uuid NOT NULL  REFERENCES refund,
    order_line_id uuid NOT NULL  REFERENCES order_line,
    quantity integer NOT NULL,
    amount bigint NOT NULL,
    CHECK (quantity > 0 AND amount >= 0),
    UNIQUE (refund_id, order_line_id)
);

CREATE INDEX refund_line_order_line_id ON refund_line (order_line_id);

-- A parcel that replaces what came back: it counts for its return and not for what the order's lines still have to come.
ALTER TABLE shipment ADD COLUMN return_id uuid UNIQUE REFERENCES order_return;
