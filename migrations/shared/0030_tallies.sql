-- A refund's papers, turn by turn: its credit note, what takes that back when a bank returned the money, the next one.
ALTER TABLE credit_note ADD COLUMN turn smallint NOT NULL DEFAULT 1 CHECK (turn > 0),
    DROP CONSTRAINT credit_note_refund_id_key, ADD CONSTRAINT credit_note_once UNIQUE (refund_id, turn),
    DROP CONSTRAINT credit_note_total_check,
    ADD CONSTRAINT credit_note_total_check CHECK (CASE turn % 2 WHEN 1 THEN total > 0 ELSE total < 0 END);
-- What promotions took off orders that were placed, counted as those come and go. `counted`: null of orders from before.
CREATE TABLE promotion_tally (
    promotion_id uuid PRIMARY KEY REFERENCES promotion,
    orders bigint NOT NULL,
    given bigint NOT NULL
);
ALTER TABLE order_index ADD COLUMN counted boolean;
ALTER TABLE order_index ALTER COLUMN counted SET DEFAULT false;
CREATE INDEX order_index_uncounted ON order_index (order_id) WHERE counted IS NULL;
