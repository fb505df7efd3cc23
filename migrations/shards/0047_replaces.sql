-- Which unpaid orders a new one takes the place of: known from its first commit on, whoever drives it on.
ALTER TABLE orders ADD COLUMN replaces uuid[] NOT NULL DEFAULT '{}';
