-- Which orders still say whose they are, oldest first.
CREATE INDEX order_index_named ON order_index (placed_at) WHERE email <> '';
