-- Invoices, numbered without a gap by each legal entity: the counter's row lock is held until the invoice is committed.
CREATE TABLE invoice_counter (
    entity varchar(20) PRIMARY KEY,
    next bigint NOT NULL DEFAULT 1 CHECK (next > 0)
);

CREATE TABLE invoice (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL UNIQUE,
    entity varchar(20) NOT NULL REFERENCES invoice_counter,
    number bigint NOT NULL CHECK (number > 0),
    total bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    UNIQUE (entity, number)
);
