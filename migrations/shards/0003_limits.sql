-- Limits are counted as stock is; and an adjustment carries the id of its ledger entry, so that it happens once.
ALTER TABLE stock ADD CONSTRAINT stock_limit_kept CHECK (policy <> 'limit' OR reserved <= on_hand);
DROP FUNCTION IF EXISTS adjust_stock(uuid, int, text, text);
DROP FUNCTION IF EXISTS publish_band(uuid);
