-- What must never be true, said to the database; and the indexes of the sweepers.
CREATE UNIQUE INDEX cart_one_active ON cart (shopper_id) WHERE status = 'active';
CREATE UNIQUE INDEX orders_one_live ON orders (cart_id, cart_version) WHERE status NOT IN ('rejected', 'cancelled');
CREATE UNIQUE INDEX payment_attempt_one_live ON payment_attempt (order_id)
    WHERE status IN ('created', 'sending', 'requires_action', 'unknown', 'authorised', 'captured');
CREATE INDEX orders_unsettled ON orders (created_at) WHERE status IN ('placing', 'awaiting_payment');
CREATE INDEX payment_attempt_open ON payment_attempt (updated_at) WHERE status IN ('created', 'sending', 'requires_action', 'unknown');
CREATE INDEX reservation_due ON reservation (expires_at) WHERE state = 0;
CREATE INDEX reservation_open ON reservation (variant_id) WHERE state IN (0, 3);
CREATE INDEX outbox_due ON outbox (available_at) WHERE done_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
