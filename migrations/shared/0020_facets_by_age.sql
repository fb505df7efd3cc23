-- When the oldest of what is new stops being so: one look instead of every product.
CREATE INDEX product_facet_since ON product_facet (since);

-- What was bought last, whatever it was.
CREATE INDEX bought_at ON bought (at DESC);
