-- The rate of VAT that an order was charged at, in basis points: it depends on where it goes. What was ordered before had one.
ALTER TABLE orders ADD COLUMN tax_rate integer NOT NULL DEFAULT 2000 CHECK (tax_rate BETWEEN 0 AND 10000);
