-- What a shopper found helpful: once for each review.
CREATE TABLE review_vote (
    id uuid PRIMARY KEY,
    shopper_id uuid NOT NULL  REFERENCES shopper,
    review_id uuid NOT NULL,
    helpful boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (shopper_id, review_id)
);

-- Who wants to hear when a variant is back; the row lies in the bucket of the address. Without confirmed_at nobody has asked for it yet.
CREATE TABLE stock_alert (
    id uuid PRIMARY KEY,
    email varchar(254) NOT NULL,
    variant_id uuid NOT NULL,
    token_hash bytea UNIQUE NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    told_at timestamptz,
    UNIQUE (email, variant_id)
);

CREATE INDEX stock_alert_waiting ON stock_alert (variant_id, id) WHERE confirmed_at IS NOT NULL AND told_at IS NULL;
CREATE INDEX stock_alert_expires_at ON stock_alert (expires_at);
