-- From which network an order was placed, as a keyed fingerprint: what is declined counts against it, whatever names are typed.
ALTER TABLE orders ADD COLUMN client text NOT NULL DEFAULT '';
