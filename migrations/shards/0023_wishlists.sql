-- Lists with names, which their owner may show to others by a link. What is on none of them is on the shopper's own, as before.
CREATE TABLE wishlist (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    name varchar(60) NOT NULL,
    share varchar(45) UNIQUE,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE UNIQUE INDEX wishlist_name ON wishlist (shopper_id, name);

ALTER TABLE list_item ADD COLUMN list_id uuid REFERENCES wishlist ON DELETE CASCADE;
DROP INDEX list_item_once;
CREATE UNIQUE INDEX list_item_once ON list_item (shopper_id, kind, variant_id, list_id) NULLS NOT DISTINCT;
