-- What was sent in exchange although the shelf's last unit had just been sold: what comes next pays it, before anybody buys it.
CREATE TABLE stock_owed (
    id uuid PRIMARY KEY,
    variant_id uuid NOT NULL,
    owed integer NOT NULL CHECK (owed >= 0),
    reference varchar(80) NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_owed_open ON stock_owed (variant_id) WHERE owed > 0;
-- A limit knows which version of its promotion it is from, so that an older one never comes back.
ALTER TABLE stock ADD COLUMN most_version integer NOT NULL DEFAULT 0;
DROP FUNCTION IF EXISTS set_limit(uuid, int);
-- Whose cart a guest's cart went into: what is paid for after that is taken out there.
ALTER TABLE cart ADD COLUMN heir_id uuid;
-- Units that were given up are not refunded any more when a bank sends their money back.
ALTER TABLE order_line DROP CONSTRAINT order_line_refunded_once,
    ADD CONSTRAINT order_line_refunded_once CHECK (refunded BETWEEN 0 AND quantity);
-- What came from outside is forgotten after a while.
CREATE INDEX inbox_received_at ON inbox (received_at);
