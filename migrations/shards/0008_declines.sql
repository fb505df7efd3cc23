-- Declined payments by whom they were tried: a shopper's beside their orders, an e-mail address's in its own bucket.
CREATE TABLE decline (
    id uuid PRIMARY KEY,
    bucket integer NOT NULL,
    name varchar(64) NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX decline_name ON decline (name, at);
