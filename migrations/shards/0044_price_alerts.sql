-- An alert waits for a variant to come back, or to cost less than what was seen.
ALTER TABLE stock_alert
    ADD COLUMN kind varchar(5) NOT NULL DEFAULT 'stock',
    ADD COLUMN price_seen bigint,
    DROP CONSTRAINT stock_alert_email_variant_id_key,
    ADD UNIQUE (email, variant_id, kind);
DROP INDEX stock_alert_waiting;
CREATE INDEX stock_alert_waiting ON stock_alert (kind, variant_id, id) WHERE confirmed_at IS NOT NULL AND told_at IS NULL;
