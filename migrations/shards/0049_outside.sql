-- How a dispute over a payment stands, and what of a payment went back before each refund: providers round amounts, all together.
ALTER TABLE payment_attempt ADD COLUMN dispute varchar(10) NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN before bigint NOT NULL DEFAULT 0;
