-- Where a way to deliver goes: ISO 3166 codes of countries, or, without any said, wherever the shop sends.
ALTER TABLE shipping_method ADD COLUMN countries varchar(2)[] CHECK (cardinality(countries) > 0);
-- Nothing is sold that nobody sends: no code was ever made for what was sold as sent by e-mail.
UPDATE variant SET policy = 'made_to_order', published = false WHERE policy = 'digital';
ALTER TABLE variant DROP CONSTRAINT variant_policy_check,
    ADD CONSTRAINT variant_policy_check CHECK (policy IN ('stock', 'made_to_order', 'preorder'));
DELETE FROM shipping_method WHERE code = 'digital';
