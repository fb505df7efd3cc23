-- What merchandisers say goes with a product, in their order.
CREATE TABLE association (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    other_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    position integer NOT NULL DEFAULT 0,
    UNIQUE (product_id, other_id),
    CHECK (product_id <> other_id)
);
CREATE INDEX association_other_id ON association (other_id);
SELECT watch('association', 'id', '{product_id}');

-- Which products an order had: what is bought together. Nobody's name, nobody's price.
CREATE TABLE bought (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id uuid NOT NULL,
    product_id uuid NOT NULL  REFERENCES product ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (order_id, product_id)
);
CREATE INDEX bought_product_id ON bought (product_id, at DESC);

-- Business days on the way; with them a page can say on which day something arrives.
ALTER TABLE shipping_method ADD min_days integer, ADD max_days integer,
    ADD CHECK (min_days >= 0 AND max_days >= min_days AND (min_days IS NULL) = (max_days IS NULL));
SELECT watch('shipping_method', 'id', '{}');
