-- What fails again and again waits behind the others: orders the sweeper can't drive on, rows that end their process.
ALTER TABLE outbox ADD COLUMN unfinished integer NOT NULL DEFAULT 0;
ALTER TABLE orders
    ADD COLUMN tries integer NOT NULL DEFAULT 0,
    ADD COLUMN next_try timestamptz NOT NULL DEFAULT '2000-01-01Z';
CREATE INDEX outbox_dead ON outbox (created_at) WHERE done_at IS NULL AND available_at = 'infinity';
