-- Staff look through orders newest first, by status, or by a part of an address or a name.
CREATE INDEX order_index_newest ON order_index (placed_at DESC, order_id DESC);
CREATE INDEX order_index_status ON order_index (status, placed_at DESC, order_id DESC);
CREATE INDEX order_index_words ON order_index USING gin (email gin_trgm_ops, name gin_trgm_ops);
