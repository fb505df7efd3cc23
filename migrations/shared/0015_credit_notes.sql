-- Credit notes, numbered without a gap beside the invoices of their legal entity, under the same row lock.
ALTER TABLE invoice_counter ADD COLUMN next_credit bigint NOT NULL DEFAULT 1 CHECK (next_credit > 0);

CREATE TABLE credit_note (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES invoice (order_id),
    refund_id uuid NOT NULL UNIQUE,
    entity varchar(20) NOT NULL REFERENCES invoice_counter,
    number bigint NOT NULL CHECK (number > 0),
    total bigint NOT NULL CHECK (total > 0),
    issued_at timestamptz NOT NULL,
    body jsonb NOT NULL,
    UNIQUE (entity, number)
);

CREATE INDEX credit_note_order_id ON credit_note (order_id);
