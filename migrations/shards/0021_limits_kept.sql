-- A counter knows its limit, so that lowering it also holds for the uses that come back; and a cart knows the order whose uses
-- are its own.
ALTER TABLE stock ADD COLUMN most integer;
UPDATE stock SET most = on_hand + sold WHERE policy = 'limit';
ALTER TABLE cart ADD COLUMN order_id uuid;
