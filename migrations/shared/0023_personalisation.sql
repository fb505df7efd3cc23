-- What a shopper may have written on a product: {label, most, chars, needed, extra}; null where nothing can be.
ALTER TABLE product ADD COLUMN personalisation jsonb CHECK (
    personalisation IS NULL OR jsonb_typeof(personalisation) = 'object' AND (personalisation->>'most')::int BETWEEN 1 AND 60
    AND personalisation->>'chars' IN ('letters', 'words', 'any') AND (personalisation->>'extra')::bigint >= 0
    AND (personalisation->>'needed')::boolean IS NOT NULL AND length(personalisation->>'label') BETWEEN 1 AND 80);
