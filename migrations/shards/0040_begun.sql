-- When a payment provider was first asked for an attempt: what is asked of it counts from there, by the database's clock.
ALTER TABLE payment_attempt ADD COLUMN begun_at timestamptz;
