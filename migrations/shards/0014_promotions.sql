-- What a cart was told to take off, what an order took off, and the uses of promotions that it counts.
ALTER TABLE cart
    ADD COLUMN code varchar(40) NOT NULL DEFAULT '',
    ADD COLUMN code_tries integer NOT NULL DEFAULT 0,
    ADD COLUMN code_tried_at timestamptz NOT NULL DEFAULT '2000-01-01Z';

CREATE TABLE order_discount (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    promotion_id uuid NOT NULL,
    title varchar(80) NOT NULL,
    code varchar(40) NOT NULL DEFAULT '',
    amount bigint NOT NULL,
    shipping bigint NOT NULL DEFAULT 0,
    UNIQUE (order_id, promotion_id),
    CHECK (amount >= 0 AND shipping >= 0)
);

CREATE INDEX order_discount_promotion_id ON order_discount (promotion_id);

CREATE TABLE order_use (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    limit_id uuid NOT NULL,
    reservation_id uuid NOT NULL,
    title varchar(80) NOT NULL,
    UNIQUE (order_id, limit_id)
);
