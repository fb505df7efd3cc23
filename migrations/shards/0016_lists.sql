-- What a shopper keeps outside of the cart: saved for later, saved on their list, or just removed and still to be had back.
CREATE TABLE list_item (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    kind varchar(10) NOT NULL,
    variant_id uuid NOT NULL,
    chosen boolean NOT NULL DEFAULT true,
    quantity integer NOT NULL DEFAULT 1,
    seen_price bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (kind IN ('later', 'removed', 'saved')),
    CHECK (quantity BETWEEN 1 AND 99)
);

CREATE UNIQUE INDEX list_item_once ON list_item (shopper_id, kind, variant_id);
