-- A variant's price in a market for a while. It replaces the price of one unit; no two of them ever hold at once.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE timed_price (
    id uuid PRIMARY KEY,
    variant_id uuid NOT NULL  REFERENCES variant ON DELETE CASCADE,
    market varchar(8) NOT NULL,
    currency varchar(3) NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    since timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at > starts_at),
    CONSTRAINT one_at_a_time EXCLUDE USING gist (variant_id WITH =, market WITH =, tstzrange(starts_at, ends_at) WITH &&)
);

-- What one unit did cost: a reduction names the lowest price of the 30 days before it. Written by triggers alone.
CREATE TABLE price_past (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    variant_id uuid NOT NULL,
    market varchar(8) NOT NULL,
    amount bigint NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL
);
CREATE INDEX price_past_variant ON price_past (variant_id, market, until_at);

ALTER TABLE price ADD since timestamptz NOT NULL DEFAULT now();
ALTER TABLE product ADD price_turns timestamptz;
CREATE INDEX product_price_turns ON product (price_turns) WHERE price_turns IS NOT NULL;
