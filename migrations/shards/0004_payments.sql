-- Capture, void and refund are asked for in the transaction that decides on them, and done by whoever drives them.
ALTER TABLE payment_attempt
    ADD COLUMN capturing bigint NOT NULL DEFAULT 0,
    ADD COLUMN captured bigint NOT NULL DEFAULT 0,
    ADD COLUMN voiding boolean NOT NULL DEFAULT false,
    ADD COLUMN frozen text NOT NULL DEFAULT '',
    ADD CONSTRAINT payment_attempt_takes_no_more CHECK (captured >= 0 AND captured <= capturing AND capturing <= amount),
    ADD CONSTRAINT payment_attempt_one_way CHECK (NOT voiding OR captured = 0);

CREATE TABLE refund (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL  REFERENCES orders,
    attempt_id uuid NOT NULL  REFERENCES payment_attempt,
    key uuid UNIQUE NOT NULL,
    amount bigint NOT NULL,
    currency varchar(3) NOT NULL,
    status varchar(10) NOT NULL DEFAULT 'created',
    reference varchar(120) NOT NULL DEFAULT '',
    reason varchar(200) NOT NULL DEFAULT '',
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (amount > 0),
    CHECK (status IN ('created', 'sending', 'done', 'failed', 'unknown'))
);

CREATE INDEX refund_order_id ON refund (order_id);
CREATE INDEX refund_open ON refund (updated_at) WHERE status IN ('created', 'sending', 'unknown');
