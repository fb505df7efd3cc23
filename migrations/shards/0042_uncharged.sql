-- Units that were given up before their order's money was taken are never charged.
ALTER TABLE order_line ADD COLUMN uncharged integer NOT NULL DEFAULT 0;
